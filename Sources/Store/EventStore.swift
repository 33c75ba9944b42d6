package import Logging
import Postgres
import Synchronization

/// The pool's journal: events that are inserted once and never changed, in PostgreSQL.
///
/// 1. One coordinator writes: the one that holds the lease, whose epoch every commit checks.
/// 2. Positions run from 1 without gaps, in the order of ``enqueue(_:)``.
/// 3. What waits while a transaction is under way goes into the next one together; each transaction
///    is a link of the chain (``JournalLink``).
/// 4. A connection that is lost is looked for, and the chain's end tells what was committed.
/// 5. After a failed write nothing more is written; whoever wants to go on opens the store anew.
package final class EventStore: Sendable {
  private let queue: Mutex<AppendQueue>
  private let writer: JournalWriter
  /// For everything that is not the journal's tail: reading, sessions, seeds.
  let reader: ReadingConnection
  /// What goes on until the store is closed: renewing the lease, keeping the projections near.
  private let upkeep = Mutex<[Task<Void, Never>]>([])
  private let renewalInterval: Duration
  private let log: Logger

  static let projectionInterval = Duration.seconds(2)

  private init(next: Int64, writer: JournalWriter, settings: StoreSettings, log: Logger) {
    queue = Mutex(AppendQueue(next: next))
    self.writer = writer
    reader = ReadingConnection(settings.application)
    self.log = log
    renewalInterval = .milliseconds(settings.leaseMilliseconds / 4)
  }

  /// Brings the tables up to date, takes the lease (standing by while another coordinator holds it),
  /// finds the journal's end.
  package static func open(
    _ settings: StoreSettings, log: Logger
  ) async throws(StoreError) -> EventStore {
    try await Migrator(settings: settings, log: log).run()
    let lease = try await Lease.take(settings, log: log)
    do throws(StoreError) {
      let writer = try await JournalWriter(lease, settings, log: log)
      let store = EventStore(
        next: await writer.end.last + 1, writer: writer, settings: settings, log: log)
      store.upkeep.withLock { tasks in
        tasks = [
          Task { await store.keepLease() },
          Task { await store.keepProjections(settings.application) },
        ]
      }
      return store
    } catch {
      await lease.release()
      throw error
    }
  }

  /// The position of the last event that was handed over; 0 for an empty journal.
  package var lastPosition: Int64 { queue.withLock { $0.next - 1 } }

  /// Why nothing more is written; nil while all is well, and after ``close()``.
  package var failure: StoreError? { queue.withLock { $0.failure } }

  /// What keeps the journal from writing at present, in words for the operator; nil: nothing does.
  package var trouble: String? { writer.trouble.withLock { $0 } }

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

  /// Refuses what comes from now on, writes what waits, and gives the lease back.
  package func close() async {
    let last = enqueue([])
    queue.withLock { $0.close() }
    let upkeep = upkeep.withLock { $0 }
    for task in upkeep { task.cancel() }
    await writer.beginClosing()
    try? await last.durable()
    for task in upkeep { await task.value }
    await writer.close()
    await reader.close()
  }

  /// An entry that holds nothing goes through the queue and renews the lease.
  private func keepLease() async {
    while (try? await Task.sleep(for: renewalInterval)) != nil {
      guard (try? await enqueue([]).durable()) != nil else { return }
    }
  }

  /// So that whoever asks them has little to wait for. Nothing depends on it: they are brought up
  /// to date again when they are read.
  private func keepProjections(_ settings: PostgresSettings) async {
    let connection = ReadingConnection(settings)
    let projector = Projector { statements throws(PostgresError) in
      try await connection.run(statements)
    }
    var projected: Int64 = 0
    while (try? await Task.sleep(for: Self.projectionInterval)) != nil {
      let position = lastPosition
      if position == projected { continue }
      do {
        try await projector.advance()
        projected = position
      } catch {
        log.warning("projections lag behind", metadata: ["reason": "\(error)"])
      }
    }
    await connection.close()
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
    try await writer.commit(tickets.flatMap(\.entries))
  }

  /// Writes what comes before the culprit, then gives up.
  private func fail(_ tickets: [AppendTicket], _ error: StoreError) async {
    var left = tickets[...]
    var error = error
    let isNobodys: Set<StoreError.Code> = [.connectionLost, .leaseLost, .unreachable]
    if tickets.count > 1, !isNobodys.contains(error.code) {
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
}
