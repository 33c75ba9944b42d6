import Postgres

/// What the chain over the events costs those who write: the same entries written with and without
/// it, turn by turn. For `kalepool bench store`.
package enum ChainCost {
  /// Of one event.
  package struct Figures: Sendable, Codable {
    package var microsecondsWith: Double
    package var microsecondsWithout: Double
  }

  /// Writes batches by turns with and without their links, each as one transaction, to tables that
  /// are thrown away afterwards: half of what is written belongs to no chain.
  ///
  /// - Parameter batches: all alike, and no row twice.
  package static func measure(
    _ batches: [[JournalEntry]], _ settings: StoreSettings
  ) async throws -> Figures {
    let connection = try await PostgresConnection.connect(settings.application)
    var link = JournalLink.beginning
    var (with, without) = (Sum(), Sum())
    for (turn, entries) in batches.enumerated() {
      let last = link.last + Int64(entries.count)
      if turn % 2 == 0 {
        with.events += entries.count
        with.time += try await write(entries, from: link.last + 1, isChained: true, connection) {
          link = JournalLink(after: link, epoch: 1, last: last, recordedAt: last, $0)
          return [link.insertion]
        }
      } else {
        let from = Self.unchained + Int64(without.events)
        without.events += entries.count
        without.time += try await write(entries, from: from, isChained: false, connection) { _ in
          []
        }
      }
    }
    await connection.close()
    return Figures(
      microsecondsWith: with.microsecondsEach, microsecondsWithout: without.microsecondsEach)
  }

  /// Where events without a chain stand: far behind the others.
  private static let unchained: Int64 = 1 << 40

  private struct Sum {
    var events = 0
    var time = Duration.zero
    var microsecondsEach: Double { time / .microseconds(1) / Double(max(1, events)) }
  }

  private static func write(
    _ entries: [JournalEntry], from position: Int64, isChained: Bool,
    _ connection: PostgresConnection, _ link: (JournalBytes) -> [PostgresStatement]
  ) async throws -> Duration {
    let began = ContinuousClock.now
    var batch = AppendBatch(recordedAt: position, isChained: isChained)
    for (index, entry) in entries.enumerated() {
      try batch.add(entry, at: position + Int64(index))
    }
    let statements = batch.statements + link(batch.bytes)
    let made = ContinuousClock.now - began
    // Once in a week of blocks: not what is measured.
    for partition in batch.partitions { try await connection.run([partition.addition]) }
    let sent = ContinuousClock.now
    try await connection.run(statements)
    return made + (ContinuousClock.now - sent)
  }
}
