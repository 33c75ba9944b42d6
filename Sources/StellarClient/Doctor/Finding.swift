/// What a look at one thing has shown.
package struct Finding: Sendable, Hashable, Codable {
  package enum Level: String, Sendable, Hashable, Codable {
    case ok
    /// The pool can run; something will be worse than it could be.
    case warning
    /// The pool cannot run like this.
    case failure
  }

  /// The node's address; nil: of all together.
  package var node: String?
  /// What was looked at, in a word or two.
  package var step: String
  package var level: Level
  /// What is so, and where it is not well what to do.
  package var text: String

  init(_ node: String?, _ step: String, _ level: Level, _ text: String) {
    self.node = node
    self.step = step
    self.level = level
    self.text = text
  }
}
