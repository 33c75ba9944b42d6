import Pool
import Postgres

extension EventStore {
  /// Positions read at a time: bounds memory, costs one round trip.
  static let loadPositionsMax: Int64 = 10_000

  /// All tables at once: the last position, 0 for an empty journal.
  static let lastPositionSQL =
    "SELECT coalesce(max(position), 0) FROM ("
    + poolEventTypes.map { "SELECT max(position) AS position FROM \"\($0.table)\"" }
    .joined(separator: " UNION ALL ") + ") AS ends"

  /// Gives every durable event from `position` on to `body`, in order.
  ///
  /// Throws ``StoreError`` where a position is missing or a row cannot be read.
  package func load(
    from position: Int64 = 1, _ body: (StoredEvent) throws -> Void
  ) async throws {
    let last = try await lastDurablePosition()
    var start = position
    while start <= last {
      let end = min(start + Self.loadPositionsMax - 1, last)
      for event in try await events(in: start...end) { try body(event) }
      start = end + 1
    }
  }

  /// The events at these positions, all of which must be there.
  package func events(
    in positions: ClosedRange<Int64>
  ) async throws(StoreError) -> [StoredEvent] {
    let statements = poolEventTypes.map { type in
      PostgresStatement(
        "SELECT * FROM \"\(type.table)\" WHERE position BETWEEN $1 AND $2",
        [.int(positions.lowerBound), .int(positions.upperBound)], isReused: true)
    }
    let results = try await read(statements)
    var events: [StoredEvent] = []
    events.reserveCapacity(positions.count)
    for (type, rows) in zip(poolEventTypes, results) {
      try Self.decode(type, rows, into: &events)
    }
    events.sort { $0.position < $1.position }
    for (expected, event) in zip(positions, events) where event.position != expected {
      throw Self.gap(expected)
    }
    guard events.count == positions.count else {
      throw Self.gap(positions.lowerBound + Int64(events.count))
    }
    return events
  }

  /// The sum of every account's postings, by account and asset.
  package func balances() async throws(StoreError) -> [BookBalance] {
    let rows = try await read([
      PostgresStatement(
        "SELECT account, asset, sum(amount) FROM postings GROUP BY 1, 2 ORDER BY 1, 2")
    ])[0]
    var balances: [BookBalance] = []
    for row in rows {
      do throws(PostgresError) {
        guard let account = BookAccount(text: try row.text(0)),
          let asset = BookAsset(rawValue: try row.text(1))
        else { throw PostgresError(.unexpectedValue, "an account or asset nobody knows") }
        balances.append(BookBalance(account: account, asset: asset, amount: try row.numeric(2)))
      } catch { throw StoreError(.corrupt, "the postings cannot be read: \(error.message)") }
    }
    return balances
  }

  private func lastDurablePosition() async throws(StoreError) -> Int64 {
    let rows = try await read([PostgresStatement(Self.lastPositionSQL, isReused: true)])
    do throws(PostgresError) {
      return try rows[0][0].int(0)
    } catch { throw StoreError(error, while: "the journal cannot be read") }
  }

  func read(_ statements: [PostgresStatement]) async throws(StoreError) -> [PostgresRows] {
    do throws(PostgresError) {
      return try await reader.run(statements)
    } catch { throw StoreError(error, while: "the database cannot be read") }
  }

  private static func decode<Event: PoolEvent>(
    _ type: Event.Type, _ rows: PostgresRows, into events: inout [StoredEvent]
  ) throws(StoreError) {
    guard !rows.isEmpty else { return }
    // Columns under the names that the properties have.
    var columns: [String: Int] = [:]
    for (index, column) in rows.columns.enumerated() { columns[property(column)] = index }
    guard let position = columns["position"], let recordedAt = columns["recordedAt"] else {
      throw StoreError(.schema, "the table \(type.table) is not one of events")
    }
    for row in rows {
      do {
        events.append(
          StoredEvent(
            position: try row.int(position), recordedAt: try row.timestamp(recordedAt),
            event: try Event(from: RowDecoder(columns: columns, row: row))))
      } catch {
        throw StoreError(
          .corrupt, "a row of \(type.table) (position \(row[position])) cannot be read: \(error)")
      }
    }
  }

  /// `harvest_after_blocks` is `harvestAfterBlocks`.
  private static func property(_ column: String) -> String {
    let words = column.split(separator: "_")
    return words.dropFirst().reduce(into: String(words[0])) { name, word in
      name += word.prefix(1).uppercased() + word.dropFirst()
    }
  }

  private static func gap(_ position: Int64) -> StoreError {
    StoreError(
      .corrupt,
      "the journal has no event or more than one at position \(position): "
        + "restore the database from a backup")
  }
}
