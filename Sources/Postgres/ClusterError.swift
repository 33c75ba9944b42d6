/// Why a private database did not start. The message is one line that says what to do.
package struct ClusterError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// PostgreSQL's programs are not on this machine: install them.
    case notInstalled
    /// The folder cannot serve: choose another, or mend its rights.
    case unusableFolder
    /// Another running program holds this folder.
    case inUse
    /// A PostgreSQL program failed: its log says why.
    case failed
  }

  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
