/// What went wrong at the database. Never holds a parameter's value.
package struct PostgresError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What a caller may act on.
  package enum Code: Sendable, Hashable {
    /// No connection could be made; nothing has happened.
    case unreachable
    /// The connection is gone and the statement's outcome unknown: look before repeating it.
    case connectionLost
    /// A row with this key exists: ``PostgresError/constraint`` names the rule.
    case uniqueViolation
    /// Another constraint refused the row: ``PostgresError/constraint`` names it.
    case constraintViolation
    /// A trigger or function of ours refused.
    case refused
    /// The role may not do this.
    case permissionDenied
    /// Other transactions stood in the way (serialisation, deadlock, lock): retry from the top.
    case conflict
    /// The statement took longer than the time limit, or was cancelled.
    case cancelled
    /// The server is out of disk, memory or connections.
    case outOfResources
    /// A field is not of the type that was asked for.
    case unexpectedValue
    /// The statement itself is wrong: our bug, or a database of another shape.
    case invalidStatement
  }

  package var code: Code
  /// For the operator: one line.
  package var message: String
  /// PostgreSQL's five characters, where the server said them.
  package var sqlState: String?
  /// The constraint's name, where one was violated.
  package var constraint: String?

  package init(
    _ code: Code, _ message: String, sqlState: String? = nil, constraint: String? = nil
  ) {
    self.code = code
    self.message = message
    self.sqlState = sqlState
    self.constraint = constraint
  }

  package var description: String { "database: \(message)" }
}

extension PostgresError {
  /// The error a server's report means. Details (which quote values) are left out, and so is the
  /// message of class 22, which quotes the datum.
  ///
  /// Source: PostgreSQL 15, appendix A, "PostgreSQL Error Codes".
  init(sqlState: String, primary: String, constraint: String?) {
    let code: Code =
      switch (sqlState, sqlState.prefix(2)) {
      case ("23505", _): .uniqueViolation
      case (_, "23"): .constraintViolation
      case ("P0001", _): .refused
      case ("42501", _): .permissionDenied
      case (_, "40"), ("55P03", _): .conflict
      case ("57014", _), ("25P03", _): .cancelled
      case ("57P01", _), ("57P02", _), ("57P05", _), (_, "08"): .connectionLost
      case (_, "53"), (_, "58"), (_, "54"): .outOfResources
      default: .invalidStatement
      }
    let message = sqlState.hasPrefix("22") ? "a value was not accepted" : primary
    self.init(code, "\(message) (\(sqlState))", sqlState: sqlState, constraint: constraint)
  }
}
