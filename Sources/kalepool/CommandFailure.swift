/// Why a command ends with a status that is not 0: one line that says what to do.
struct CommandFailure: Error, Sendable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
