package import Bytes
import Pool
package import Postgres

/// Holds every row of the journal against its chain, and the chain against what is kept outside.
///
/// It only reads, and may run beside the coordinator.
package struct JournalVerifier: Sendable {
  private let reader: JournalReader
  private let seal: JournalSeal?
  private let keys: Set<Bytes32>

  /// After so many findings it stops: the rest tells nothing new.
  static let findingsMax = 100

  /// `keys`: public keys besides the seal's whose checkpoints count, such as a standby's.
  package init(
    _ connection: PostgresConnection, seal: JournalSeal?, keys: Set<Bytes32> = []
  ) {
    reader = JournalReader { statements throws(PostgresError) in
      try await connection.run(statements)
    }
    self.seal = seal
    self.keys = keys.union(seal.map { [$0.publicKey] } ?? [])
  }

  package struct Report: Sendable, Codable {
    package var links = 0
    package var events: Int64 = 0
    package var checkpoints = 0
    package var head = Bytes32.zero.description
    /// Whether the end was held against the coordinator's own record of it; without it rows after
    /// the last checkpoint may have been cut off unseen.
    package var endIsKnown = false
    package var findings: [JournalFinding] = []
  }

  package func run(
    progress: (Int64) -> Void = { _ in }
  ) async throws(PostgresError) -> Report {
    var report = Report()
    // Read before the rows, so that what is written meanwhile is no finding.
    let end: JournalSeal.Head?
    do throws(StoreError) { end = try seal?.head() } catch {
      end = nil
      report.findings.append(JournalFinding(.end, 0...0, error.message))
    }
    do throws(PostgresError) {
      try await check(end, &report, progress)
    } catch {
      guard [.unexpectedValue, .invalidStatement].contains(error.code) else { throw error }
      report.findings.append(
        JournalFinding(
          .unreadable, report.events + 1...report.events + 1,
          "after event \(report.events) the tables cannot be read: \(error.message)"))
    }
    return report
  }

  private func check(
    _ end: JournalSeal.Head?, _ report: inout Report, _ progress: (Int64) -> Void
  ) async throws(PostgresError) {
    var previous = JournalLink.beginning
    var isAtEnd = end == nil
    while report.findings.count < Self.findingsMax,
      let chunk = try await reader.chunk(after: previous), let last = chunk.links.last
    {
      report.findings += try chunk.findings()
      try await checkCheckpoints(chunk, &report)
      if let end, let link = chunk.links.first(where: { $0.number == end.link }) {
        isAtEnd = link.head == end.head
      }
      report.links += chunk.links.count
      report.events = last.last
      report.head = last.head.description
      previous = last
      progress(report.events)
    }
    if report.findings.count >= Self.findingsMax { return }
    if let end, !isAtEnd {
      report.findings.append(
        JournalFinding(
          .end, min(previous.last, end.last) + 1...max(previous.last, end.last) + 1,
          end.link > previous.number
            ? "the newest events are missing: up to \(end.last) were recorded"
            : "another journal: event \(end.last) is not the one that was recorded"))
    }
    report.endIsKnown = end != nil
    try await checkUnchained(previous, &report)
  }

  private func checkCheckpoints(
    _ chunk: JournalChunk, _ report: inout Report
  ) async throws(PostgresError) {
    let rows = try await reader.run([
      PostgresStatement(
        """
        SELECT link, head, key, signature FROM journal_checkpoints
        WHERE link > $1 AND link <= $2 ORDER BY link
        """, [.int(chunk.previous.number), .int(chunk.links.last?.number ?? 0)], isReused: true)
    ])[0]
    let links = Dictionary(uniqueKeysWithValues: chunk.links.map { ($0.number, $0) })
    for row in rows {
      let number = try row.int(0)
      guard let link = links[number], let head = Bytes32(try row.bytes(1)),
        let key = Bytes32(try row.bytes(2))
      else { continue }
      report.checkpoints += 1
      let problem: String? =
        if head != link.head {
          "is of another chain"
        } else if !JournalSeal.holds(
          try row.bytes(3), link: number, head: head, key: key)
        { "has a wrong signature" } else if !keys.isEmpty, !keys.contains(key) {
          "is signed with the key \(key), which is not this pool's"
        } else { nil }
      if let problem {
        report.findings.append(
          JournalFinding(.checkpoint, 1...link.last, "the checkpoint at \(link.last) \(problem)"))
      }
    }
  }

  /// Rows before the first event, after the last, or of links that are not there.
  private func checkUnchained(
    _ end: JournalLink, _ report: inout Report
  ) async throws(PostgresError) {
    let tables = poolEventTypes.map { $0.table } + ["postings"]
    var statements = tables.map {
      PostgresStatement(
        """
        SELECT count(*) FROM "\($0)" WHERE position < 1
        OR position > (SELECT coalesce(max(last), 0) FROM journal_links)
        """)
    }
    statements.append(
      PostgresStatement(
        """
        SELECT count(*) FROM journal_checkpoints
        WHERE link < 1 OR link > (SELECT coalesce(max(link), 0) FROM journal_links)
        """))
    let counts = try await reader.run(statements)
    for (table, rows) in zip(tables + ["journal_checkpoints"], counts) {
      let count = try rows[0].int(0)
      if count > 0 {
        report.findings.append(
          JournalFinding(
            .unchained, end.last + 1...end.last + 1,
            "\(table) has \(count) rows that belong to no link"))
      }
    }
  }
}
