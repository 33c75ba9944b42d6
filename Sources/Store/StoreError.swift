package import Postgres

/// Why the store did not do what it was asked.
package struct StoreError: Error, Sendable, CustomStringConvertible {
  /// What a caller may act on.
  package enum Code: Sendable, Hashable {
    /// The database could not be reached; nothing has happened.
    case unreachable
    /// The connection is gone and the outcome unknown: open the store anew and load to see.
    case connectionLost
    /// Another coordinator writes to this database.
    case inUse
    /// Another coordinator has taken over: this one must stop.
    case leaseLost
    /// The database's tables are not those of this program.
    case schema
    /// A row breaks a rule of its table, such as a second planting of a farmer in a block.
    case conflict
    /// Postings of one event do not sum to zero.
    case unbalanced
    /// The journal has a gap or a row that cannot be read.
    case corrupt
    /// More is waiting to be written than the store takes.
    case overloaded
    /// The store has been closed.
    case closed
    /// The database refused: its reason is in the message.
    case failed
  }

  package var code: Code
  /// For the operator: one line, never a secret.
  package var message: String
  package var cause: PostgresError?

  package init(_ code: Code, _ message: String, cause: PostgresError? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package var description: String { message }

  init(_ error: PostgresError, while what: String) {
    let code: Code =
      switch error.code {
      case .unreachable: .unreachable
      case .connectionLost: .connectionLost
      case .uniqueViolation, .constraintViolation: .conflict
      default: .failed
      }
    self.init(code, "\(what): \(error.description)", cause: error)
  }
}
