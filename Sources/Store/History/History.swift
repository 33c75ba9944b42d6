import Bytes
import Postgres

/// What has happened, page by page, for people to read.
///
/// On a connection of its own, so that a long statement never waits in front of the journal. It
/// reads what is durable, which may be a moment behind the pool's state.
package struct History: Sendable {
  private let reader: ReadingConnection

  package init(_ settings: StoreSettings) { reader = ReadingConnection(settings.application) }

  package func close() async { await reader.close() }

  /// Takes what has been recorded since into the projections: what they say is up to date then.
  func catchUp() async throws(StoreError) {
    do throws(PostgresError) {
      try await Projector { [reader] statements throws(PostgresError) in
        try await reader.run(statements)
      }.advance()
    } catch { throw StoreError(error, while: "the history cannot be read") }
  }

  /// Runs the statements in one round trip and hands their rows to `body`.
  func read<Answer>(
    _ statements: [PostgresStatement],
    _ body: ([PostgresRows]) throws(PostgresError) -> Answer
  ) async throws(StoreError) -> Answer {
    do throws(PostgresError) {
      return try body(try await reader.run(statements))
    } catch { throw StoreError(error, while: "the history cannot be read") }
  }

  /// A statement whose plan is worth keeping.
  static func query(_ sql: String, _ parameters: PostgresValue...) -> PostgresStatement {
    PostgresStatement(sql, parameters, isReused: true)
  }
}

extension PostgresRow {
  func optionalInt(_ column: Int) throws(PostgresError) -> Int64? {
    self[column] == .null ? nil : try int(column)
  }

  func optionalText(_ column: Int) throws(PostgresError) -> String? {
    self[column] == .null ? nil : try text(column)
  }

  /// Unix seconds.
  func optionalSeconds(_ column: Int) throws(PostgresError) -> Int64? {
    self[column] == .null ? nil : try seconds(column)
  }

  /// Unix seconds, rounded down.
  func seconds(_ column: Int) throws(PostgresError) -> Int64 {
    try timestamp(column) / 1_000_000
  }

  func optionalBytes32(_ column: Int) throws(PostgresError) -> Bytes32? {
    self[column] == .null ? nil : Bytes32(try bytes(column))
  }

  /// A block's index or a ledger's number.
  func uint32(_ column: Int) throws(PostgresError) -> UInt32 {
    guard let value = UInt32(exactly: try int(column)) else {
      throw PostgresError(.unexpectedValue, "column \(column + 1) of the result is out of range")
    }
    return value
  }
}
