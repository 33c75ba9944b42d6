package import Logging
import Postgres
import Synchronization

/// The pool's journal: events that are inserted once and never changed, in PostgreSQL.
///
/// 1. One process writes: the connection that writes holds an advisory lock for as long as it lives.
/// 2. Positions run from 1 without gaps, in the order of ``enqueue(_:)``.
/// 3. What waits while a transaction is under way goes into the next one together.
/// 4. After a failed write nothing more is written; whoever wants to go on opens the store anew.
package final class EventStore: Sendable {
  private let queue: Mutex<AppendQueue>
  private let writer: PostgresConnection
  /// For everything that is not the journal's tail: reading, sessions, seeds.
  let reader: ReadingConnection
  private let log: Logger

  /// Any number that nobody else uses for an advisory lock: "kalepool" in ASCII.
  static let lockKey: Int64 = 0x6b61_6c65_706f_6f6c

  private init(
    next: Int64, writer: PostgresConnection, reader: ReadingConnection, log: Logger
  ) {
    queue = Mutex(AppendQueue(next: next))
    self.writer = writer
    self.reader = reader
    self.log = log
  }

  /// Brings the tables up to date, takes the writer's lock, finds the journal's end.
  package static func open(
    _ settings: StoreSettings, log: Logger
  ) async throws(StoreError) -> EventStore {
    try await Migrator(settings: settings, log: log).run()
    do throws(PostgresError) {
      let writer = try await PostgresConnection.connect(settings.application)
      guard try await takeLock(writer, settings.lockMillisecondsMax) else {
        await writer.close()
        throw PostgresError(.conflict, "")
      }
      let rows = try await writer.query(lastPositionSQL)
      let reader = ReadingConnection(settings.application)
      return EventStore(
        next: try rows[0].int(0) + 1, writer: writer, reader: reader, log: log)
    } catch {
      if error.code == .conflict {
        throw StoreError(
          .inUse, "another coordinator writes to this database: stop it, or name another database")
      }
      throw StoreError(error, while: "the journal cannot be opened")
    }
  }

  /// The position of the last event that was handed over; 0 for an empty journal.
  package var lastPosition: Int64 { queue.withLock { $0.next - 1 } }

  // MARK: Writing

  /// Hands entries over, at once and in this order. They are one transaction or none; see
  /// ``AppendTicket/durable()`` for when they are on disk.
  package func enqueue(_ entries: [JournalEntry]) -> AppendTicket {
    switch queue.withLock({ $0.enter(entries) }) {
    case .start(let ticket):
      // Not a child of the caller: it also writes what others enqueue meanwhile, and ends by itself.
      Task.detached { await self.write() }
      return ticket
    case .queued(let ticket): return ticket
    case .refused(let ticket, let error):
      ticket.finish(.failure(error))
      return ticket
    }
  }

  /// Records entries as one transaction, and returns their positions when they are durable.
  @discardableResult package func append(
    _ entries: [JournalEntry]
  ) async throws(StoreError) -> Range<Int64> {
    let ticket = enqueue(entries)
    try await ticket.durable()
    return ticket.positions
  }

  /// Refuses what comes from now on, writes what waits, and lets the lock go.
  package func close() async {
    let last = enqueue([])
    queue.withLock { $0.close() }
    try? await last.durable()
    await writer.close()
    await reader.close()
  }

  private func write() async {
    while true {
      let tickets = queue.withLock { $0.take() }
      if tickets.isEmpty { return }
      do throws(StoreError) {
        try await write(tickets)
        for ticket in tickets { ticket.finish(.success(())) }
      } catch {
        await fail(tickets, error)
      }
    }
  }

  private func write(_ tickets: [AppendTicket]) async throws(StoreError) {
    var batch = AppendBatch()
    for ticket in tickets {
      for (position, entry) in zip(ticket.positions, ticket.entries) {
        try batch.add(entry, at: position)
      }
    }
    do throws(PostgresError) {
      try await writer.run(batch.statements)
    } catch {
      throw StoreError(error, while: "events cannot be recorded")
    }
  }

  /// Writes what comes before the culprit, then gives up.
  private func fail(_ tickets: [AppendTicket], _ error: StoreError) async {
    var left = tickets[...]
    var error = error
    if tickets.count > 1, error.code != .connectionLost {
      do throws(StoreError) {
        while let ticket = left.first {
          try await write([ticket])
          ticket.finish(.success(()))
          left.removeFirst()
        }
        return
      } catch let culprit { error = culprit }
    }
    log.critical("the journal takes no more events", metadata: ["reason": "\(error.message)"])
    let (waiting, first) = queue.withLock { $0.fail(error) }
    for ticket in left + waiting { ticket.finish(.failure(first)) }
  }

  private static func takeLock(
    _ writer: PostgresConnection, _ milliseconds: Int
  ) async throws(PostgresError) -> Bool {
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while true {
      let rows = try await writer.query("SELECT pg_try_advisory_lock($1)", [.int(lockKey)])
      if try rows[0].bool(0) { return true }
      if ContinuousClock.now > deadline { return false }
      try? await Task.sleep(for: .milliseconds(50))
    }
  }
}
