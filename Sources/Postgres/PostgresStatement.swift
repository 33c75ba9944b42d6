/// One SQL statement with its parameters `$1`, `$2`, ….
package struct PostgresStatement: Sendable, Hashable {
  package var sql: String
  package var parameters: [PostgresValue]
  /// Keeps the statement prepared on the connection: for texts that recur, not for one-offs.
  package var isReused: Bool

  package init(_ sql: String, _ parameters: [PostgresValue] = [], isReused: Bool = false) {
    self.sql = sql
    self.parameters = parameters
    self.isReused = isReused
  }
}
