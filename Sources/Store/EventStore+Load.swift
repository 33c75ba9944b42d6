import Pool
import Postgres

extension EventStore {
  /// Gives every durable event from `position` on to `body`, in order, each chunk only after it was
  /// found to be what was recorded.
  ///
  /// Throws ``StoreError`` where a position is missing, a row was changed or cannot be read.
  package func load(
    from position: Int64 = 1, _ body: (StoredEvent) throws -> Void
  ) async throws {
    let journal = JournalReader { [reader] statements throws(PostgresError) in
      try await reader.run(statements)
    }
    var previous = try await reading { () throws(PostgresError) in
      try await journal.link(before: position)
    }
    while true {
      let (chunk, findings) = try await reading { () throws(PostgresError) in
        let chunk = try await journal.chunk(after: previous)
        return (chunk, try chunk?.findings() ?? [])
      }
      guard let chunk, let last = chunk.links.last else { return }
      if let finding = findings.first { throw Self.corrupt(finding.what) }
      for event in try Self.events(of: chunk) where event.position >= position { try body(event) }
      previous = last
    }
  }

  private static func events(of chunk: JournalChunk) throws(StoreError) -> [StoredEvent] {
    var events: [StoredEvent] = []
    events.reserveCapacity(chunk.places.count)
    for (type, rows) in zip(poolEventTypes, chunk.tables) {
      try decode(type, rows, into: &events)
    }
    events.sort { $0.position < $1.position }
    return events
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

  private func reading<Answer>(
    _ body: () async throws(PostgresError) -> Answer
  ) async throws(StoreError) -> Answer {
    do throws(PostgresError) { return try await body() } catch {
      if error.code == .unexpectedValue { throw Self.corrupt(error.message) }
      throw StoreError(error, while: "the journal cannot be read")
    }
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
    corrupt("event \(position) is missing or there twice")
  }

  private static func corrupt(_ what: String) -> StoreError {
    StoreError(
      .corrupt,
      "the journal is not what was recorded (\(what)): look with `kalepool verify`, and restore the "
        + "database from a backup")
  }
}
