/// Why an agent ends: one line that says what to do.
package struct AgentError: Error, Sendable, CustomStringConvertible {
  package let message: String

  package init(_ message: String) { self.message = message }

  package var description: String { message }
}
