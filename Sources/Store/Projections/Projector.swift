package import Postgres

/// Keeps the projections at the journal's end, and makes them anew.
struct Projector: Sendable {
  /// Runs statements as one transaction, which may be repeated.
  let run: @Sendable ([PostgresStatement]) async throws(PostgresError) -> [PostgresRows]

  /// Events taken in by one transaction: bounds its memory and its time.
  static let eventsMax: Int64 = 250_000

  init(
    _ run: @escaping @Sendable ([PostgresStatement]) async throws(PostgresError) -> [PostgresRows]
  ) {
    self.run = run
  }

  /// Takes in what has been recorded since. Several may do so at once: one waits for the other and
  /// finds nothing left.
  func advance(progress: (Int64) -> Void = { _ in }) async throws(PostgresError) {
    let row = try await run([PostgresStatement(Self.distanceSQL, isReused: true)])[0][0]
    var (position, end) = (try row.int(0), try row.int(1))
    while position < end {
      position = min(position + Self.eventsMax, end)
      _ = try await run(Self.statements(to: position))
      progress(position)
    }
  }

  private static let distanceSQL =
    "SELECT position, (SELECT coalesce(max(last), 0) FROM journal_links) FROM projections"

  private static func statements(to position: Int64) -> [PostgresStatement] {
    [PostgresStatement("SELECT position FROM projections FOR UPDATE", isReused: true)]
      + ProjectionSQL.statements.map {
        PostgresStatement($0, [.int(position)], isReused: true)
      }
  }
}

/// Empties the projections and makes them again from the events alone.
package struct Rebuild: Sendable {
  /// What came of it.
  package struct Report: Sendable, Codable {
    package var events: Int64
    package var milliseconds: Int64
    /// Projections that were not what the events say; they are now.
    package var differed: [String]
  }

  /// In one transaction: whoever reads meanwhile sees the old ones.
  package static func run(
    _ connection: PostgresConnection, progress: (Int64) -> Void = { _ in }
  ) async throws(PostgresError) -> Report {
    let began = ContinuousClock.now
    let projector = Projector { statements throws(PostgresError) in
      try await connection.run(statements)
    }
    try await connection.query("BEGIN")
    try await connection.query("SELECT position FROM projections FOR UPDATE")
    // So that both hold the same events.
    try await projector.advance()
    let before = try await digests(connection)
    for name in ProjectionTables.names { try await connection.query("DELETE FROM \(name)") }
    try await connection.query("INSERT INTO pool_totals DEFAULT VALUES")
    try await connection.query("UPDATE projections SET position = 0")
    try await projector.advance(progress: progress)
    let after = try await digests(connection)
    let end = try await connection.query("SELECT position FROM projections")[0].int(0)
    try await connection.query("COMMIT")
    let (seconds, attoseconds) = (ContinuousClock.now - began).components
    return Report(
      events: end, milliseconds: seconds * 1_000 + attoseconds / 1_000_000_000_000_000,
      differed: ProjectionTables.names.filter { before[$0] != after[$0] })
  }

  /// Of each projection one digest over all bytes of all rows.
  private static func digests(
    _ connection: PostgresConnection
  ) async throws(PostgresError) -> [String: String] {
    var digests: [String: String] = [:]
    for name in ProjectionTables.names {
      digests[name] = try await connection.query(
        "SELECT coalesce(md5(string_agg(row::text, E'\\n' ORDER BY row::text)), '') FROM \(name) row"
      )[0].text(0)
    }
    return digests
  }
}
