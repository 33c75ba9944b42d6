/// Why a devnet cannot run. The description is one line that says what to do.
package struct DevnetError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// A setting that makes no sense.
    case invalidSetting
    /// Somebody listens on the port already.
    case portInUse
    /// The address cannot be listened on.
    case cannotListen
  }

  package var code: Code
  package var message: String
  package var cause: (any Error)?

  package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package var description: String { message }
}
