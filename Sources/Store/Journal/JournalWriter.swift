import Bytes
import Logging
import Postgres
import Synchronization

/// The connection that writes the journal, and the end of the chain.
///
/// Used by one task at a time: each commit builds on the one before.
actor JournalWriter {
  private let settings: StoreSettings
  private let log: Logger
  private var lease: Lease
  private(set) var end: JournalLink
  private var clock: DatabaseClock
  private var partitions = Set<Partition>()
  /// What is written is waited for no longer than it takes.
  private var isClosing = false
  /// What keeps it from writing at present; nil: nothing.
  nonisolated let trouble = Mutex<String?>(nil)
  private var checkpoint: (link: Int64, last: Int64, at: ContinuousClock.Instant)

  /// A checkpoint is signed after so many events or so much time, and when the journal is closed.
  static let checkpointEvents: Int64 = 10_000
  static let checkpointSeconds = 60

  /// Begins at the journal's end, which must be the one that this coordinator knows.
  init(_ lease: Lease, _ settings: StoreSettings, log: Logger) async throws(StoreError) {
    do throws(PostgresError) {
      let rows = try await lease.connection.run([
        Self.hold(lease.epoch), PostgresStatement(JournalLink.newestSQL),
      ])
      clock = DatabaseClock(reading: try rows[0][0].timestamp(0))
      end = try rows[1].first.map(JournalLink.init) ?? .beginning
    } catch { throw StoreError(error, while: "the journal cannot be opened") }
    self.lease = lease
    self.settings = settings
    self.log = log
    checkpoint = (end.number, end.last, .now)
    if let head = try settings.seal?.head() { try await check(head) }
  }

  /// Whether the database holds what this coordinator last wrote to it.
  private func check(_ head: JournalSeal.Head) async throws(StoreError) {
    let found: JournalLink?
    do throws(PostgresError) {
      found = try await lease.connection.query(
        JournalLink.select + " WHERE link = $1", [.int(head.link)]
      ).first.map(JournalLink.init)
    } catch { throw StoreError(error, while: "the journal cannot be opened") }
    guard found?.head == head.head else {
      let file = settings.seal?.headFile ?? ""
      throw StoreError(
        .corrupt,
        "the database is not the one that this coordinator wrote, or an older copy of it: it "
          + "recorded events up to \(head.last) there. Restore the newest backup; or, if what is "
          + "missing is to be given up, move \(file) away")
    }
  }

  // MARK: Writing

  /// Writes entries as one transaction; an empty list renews the lease.
  func commit(_ entries: [JournalEntry]) async throws(StoreError) {
    guard !entries.isEmpty else {
      try await attempt(nil, [])
      return
    }
    let recordedAt = clock.time(after: end.recordedAt)
    var batch = AppendBatch(recordedAt: recordedAt)
    for (index, entry) in entries.enumerated() {
      try batch.add(entry, at: end.last + 1 + Int64(index))
    }
    let link = JournalLink(
      after: end, epoch: lease.epoch, last: end.last + Int64(entries.count),
      recordedAt: recordedAt, batch.bytes)
    var statements = batch.statements + [link.insertion]
    let isCheckpoint =
      link.last - checkpoint.last >= Self.checkpointEvents
      || .now - checkpoint.at >= .seconds(Self.checkpointSeconds)
    if isCheckpoint, let seal = settings.seal { statements.append(seal.insertion(link)) }
    try await addPartitions(batch.partitions)
    try await attempt(link, statements)
    end = link
    if isCheckpoint { checkpoint = (link.number, link.last, .now) }
    // What was written stands: nothing from here on may make it look undone, or it would be written
    // again. Both are tried again with the next commit.
    do throws(StoreError) {
      try settings.seal?.remember(link)
      try await addPartitions(Set(batch.partitions.map(\.next)))
    } catch { log.error("after a commit: \(error.message)") }
  }

  /// From now on it does not wait for room on a full disk.
  func beginClosing() { isClosing = true }

  /// Signs the end, if it is not signed yet, and gives the lease back.
  func close() async {
    if let seal = settings.seal, end.number > checkpoint.link {
      // Nothing depends on it: the file holds the end too.
      _ = try? await lease.connection.run([Self.hold(lease.epoch), seal.insertion(end)])
    }
    await lease.release()
  }

  // MARK: What may go wrong

  /// Runs the fence and the statements as one transaction.
  ///
  /// Where the connection is lost, nobody knows whether the transaction was committed. Then the
  /// database is asked: the chain ends with `link`, or with the link before and all is done again.
  /// Where the database is out of disk nothing was committed, and it waits until there is room.
  private func attempt(
    _ link: JournalLink?, _ statements: [PostgresStatement]
  ) async throws(StoreError) {
    var outage: Outage?
    while true {
      do throws(PostgresError) {
        if outage?.isLost == true, try await isRecorded(link) {
          log.notice("the database is back, and what was under way is recorded")
        } else {
          try await run(statements)
          if outage != nil {
            log.notice("the database is back, and what was under way is recorded now")
          }
        }
        trouble.withLock { $0 = nil }
        return
      } catch {
        var known = outage ?? Outage()
        guard known.take(error), !isClosing || !known.isFull,
          known.isFull || .now < known.began + .milliseconds(settings.reconnectMillisecondsMax)
        else { throw Self.refusal(error) }
        if outage?.isFull != known.isFull {
          log.error("\(known.what)", metadata: ["reason": "\(error.message)"])
        }
        trouble.withLock { $0 = known.what }
        outage = known
      }
      try? await Task.sleep(for: .milliseconds(Lease.pollMilliseconds))
    }
  }

  /// A time in which nothing can be written.
  private struct Outage {
    let began = ContinuousClock.now
    /// The connection was lost, and with it the knowledge of what was committed.
    var isLost = false
    /// The server said that its disk is full (or its memory): that lasts until somebody makes room,
    /// even if the server ends of it.
    var isFull = false

    /// Takes another failure in; false: waiting would not help.
    mutating func take(_ error: PostgresError) -> Bool {
      switch error.code {
      case .connectionLost, .unreachable: isLost = true
      case .outOfResources: isFull = true
      default: return false
      }
      return true
    }

    var what: String {
      isFull
        ? "the database is out of disk or memory: nothing is recorded, planted or paid until there "
          + "is room"
        : "the database is lost; looking for it"
    }
  }

  /// Connects anew and looks whether the transaction that was under way is in the chain.
  private func isRecorded(_ link: JournalLink?) async throws(PostgresError) -> Bool {
    try await reconnect()
    let newest = try await lease.connection.query(JournalLink.newestSQL)
    let found = try newest.first.map(JournalLink.init) ?? .beginning
    if found == link { return true }
    guard found == end else {
      throw PostgresError(.refused, "the journal has another end than it had")
    }
    return false
  }

  private func run(_ statements: [PostgresStatement]) async throws(PostgresError) {
    let sentAt = ContinuousClock.now
    let rows = try await lease.connection.run([Self.hold(lease.epoch)] + statements)
    clock.take(reading: try rows[0][0].timestamp(0), sentAt: sentAt)
  }

  private func reconnect() async throws(PostgresError) {
    await lease.connection.close()
    let connection = try await PostgresConnection.connect(settings.application)
    try await Lease.retake(connection, epoch: lease.epoch, settings)
    lease = Lease(epoch: lease.epoch, connection: connection)
  }

  private static func hold(_ epoch: Int64) -> PostgresStatement {
    PostgresStatement("SELECT hold_lease($1)", [.int(epoch)], isReused: true)
  }

  private static func refusal(_ error: PostgresError) -> StoreError {
    error.sqlState == JournalTables.leaseLost
      ? StoreError(.leaseLost, "another coordinator has taken over: this one stops", cause: error)
      : StoreError(error, while: "events cannot be recorded")
  }

  // MARK: Partitions

  /// Makes the partitions that are missing, each in a transaction of its own.
  private func addPartitions(_ wanted: Set<Partition>) async throws(StoreError) {
    for partition in wanted where !partitions.contains(partition) {
      try await attempt(nil, [partition.addition])
      partitions.insert(partition)
    }
  }
}
