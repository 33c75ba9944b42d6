import Pool
import Postgres

/// Reads the journal link by link, with the rows of their events as they stand.
struct JournalReader: Sendable {
  /// Runs statements as one transaction.
  let run: @Sendable ([PostgresStatement]) async throws(PostgresError) -> [PostgresRows]

  /// Events read at a time: bounds memory, costs few round trips. One link more may come on top.
  static let eventsMax: Int64 = 10_000
  private static let linksMax: Int64 = 2_000

  /// The chunk after `previous`; nil at the journal's end.
  func chunk(after previous: JournalLink) async throws(PostgresError) -> JournalChunk? {
    let rows = try await run([
      PostgresStatement(
        JournalLink.select + " WHERE link > $1 ORDER BY link LIMIT $2",
        [.int(previous.number), .int(Self.linksMax)], isReused: true)
    ])[0]
    var links: [JournalLink] = []
    for row in rows {
      let link = try JournalLink(row)
      // A last that somebody else wrote may be anything.
      if let first = links.first,
        link.last.subtractingReportingOverflow(first.first).partialValue
          >= Self.eventsMax
      {
        break
      }
      links.append(link)
    }
    guard let first = links.first, let last = links.last else { return nil }
    return try JournalChunk(
      previous: previous, links: links,
      rows: await run(
        Self.statements.map {
          PostgresStatement($0, [.int(first.first), .int(last.last)], isReused: true)
        }))
  }

  /// The link before the one that holds `position`.
  func link(before position: Int64) async throws(PostgresError) -> JournalLink {
    let rows = try await run([
      PostgresStatement(
        JournalLink.select + " WHERE last < $1 ORDER BY last DESC LIMIT 1", [.int(position)],
        isReused: true)
    ])[0]
    return try rows.first.map(JournalLink.init) ?? .beginning
  }

  /// One for each kind of event in the order of `poolEventTypes`, then the postings.
  private static let statements =
    poolEventTypes.map { "SELECT * FROM \"\($0.table)\" WHERE position BETWEEN $1 AND $2" } + [
      """
      SELECT position, line, account, asset, amount FROM postings
      WHERE position BETWEEN $1 AND $2 ORDER BY position, line
      """
    ]
}
