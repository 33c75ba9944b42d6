package import Bytes
package import KaleRules
package import Logging
package import Pool
package import Store

/// The one place where the pool's state changes.
///
/// Events are applied to the state at once and handed to the journal in the same breath, so that the
/// journal's order is the state's; whoever acts on them (sends a transaction, answers a person) waits
/// until they are durable. When the journal fails, state and database part ways: the engine then
/// stops for good, and the process with it.
package actor PoolEngine {
  private var run: PoolRun
  private let journal: EventStore
  package let log: Logger

  /// Why the journal took no more.
  private var failure: (any Error)?
  private var plantingHold: String?
  /// Transactions to be sent, in the order decided.
  package nonisolated let submissions: AsyncStream<Submission>
  private let send: AsyncStream<Submission>.Continuation
  private var observers: [Int: AsyncStream<PoolChange>.Continuation] = [:]
  private var lastObserver = 0
  /// A pump that has not begun.
  private var nextPump: Task<Void, any Error>?

  /// Begins with all that the journal holds.
  package init(settings: PoolSettings, journal: EventStore, log: Logger) async throws {
    self.journal = journal
    self.log = log
    // Bounded by nature: a wallet has at most one submission under way.
    (submissions, send) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    var state = PoolState(settings: settings)
    try await journal.load { state.apply($0.event) }
    run = PoolRun(state)
  }

  package var state: PoolState { run.state }

  /// The chain as of the last ledger; nil before the first.
  package var view: ChainView? { run.chain }

  // MARK: - Recording

  /// Takes events into the state and returns when they are durable.
  package func record(_ events: [any PoolEvent]) async throws {
    if let failure { throw failure }
    guard !events.isEmpty else { return }
    var entries: [JournalEntry] = []
    for event in events {
      entries.append(JournalEntry(event: event, postings: run.take(event)))
    }
    do {
      try await journal.enqueue(entries).durable()
    } catch {
      // State and journal have parted ways: nothing is decided on this state any more.
      failure = failure ?? error
      throw error
    }
    announce(events)
  }

  /// State and view of one moment; nil before the first ledger.
  package func stateAndView() -> (PoolState, ChainView)? {
    currentView().map { (state, $0) }
  }

  /// What the network says of itself: how many ledgers a farm's entry lives.
  package func learn(entryLedgers: Int64) { run.learn(entryLedgers: entryLedgers) }

  // MARK: - Time

  /// A ledger has closed, and this is how things stand.
  package func ledgerClosed(_ chain: ChainView) async throws {
    var chain = chain
    chain.plantingHold = plantingHold
    run.ledgerClosed(chain)
    try await pump()
    announce(.ledger(chain.ledger))
  }

  /// From the next ledger on nothing is planted for this reason; nil: again.
  package func holdPlanting(_ why: String?) { plantingHold = why }

  /// Decides again: something has changed.
  package func pump() async throws {
    let decision = run.decide()
    try await record(decision.events)
    for submission in decision.submissions { send.yield(submission) }
  }

  /// As ``pump()``, once for all who ask before it begins: thousands of agents may come at once, and a
  /// ledger's outcomes become durable together.
  private func pumpTogether() async throws {
    if let nextPump { return try await nextPump.value }
    let task = Task {
      nextPump = nil
      try await pump()
    }
    nextPump = task
    try await task.value
  }

  /// The chain's view with what this process knows besides.
  package func currentView() -> ChainView? { run.view }

  // MARK: - Transactions

  /// After a restart: transactions whose outcome is not known hold their wallets until it is.
  package func unresolved() -> [TransactionIntended] { run.unresolved() }

  /// A signed transaction is about to be sent: returns when the intent is durable.
  package func intend(
    transaction: Bytes32, wallet: Bytes32, sequence: Int64, maxTime: Int64,
    madeAfter: LedgerSequence, envelope: [UInt8]
  ) async throws {
    guard let submission = run.submission(of: wallet) else {
      throw CoordinatorError("nothing is under way for this wallet")
    }
    try await record([
      TransactionIntended(
        submission, transaction: transaction, sequence: sequence, maxTime: maxTime,
        madeAfter: madeAfter, envelope: envelope)
    ])
  }

  /// The transaction did what it was to do; what follows from it is recorded with it.
  package func succeeded(_ submission: Submission, _ result: ChainResult) async throws {
    try await finished(submission, run.consequences(of: submission, result))
  }

  /// The transaction did nothing, or something else tells what came of it; `events` say so.
  package func finished(_ submission: Submission, _ events: [any PoolEvent]) async throws {
    try await record(events)
    run.finished(submission, events)
    try await pumpTogether()
  }

  /// A transaction could not be made or was refused before it was sent: again after `ledgers`.
  package func postponed(_ submission: Submission, ledgers: UInt32) {
    run.postponed(submission, ledgers: ledgers)
  }

  // MARK: - Agents

  package func sessionOpened(
    _ event: SessionOpened, standing: AgentStanding
  ) async throws {
    run.sessionOpened(event.agent, standing: standing)
    try await record([event])
    try await pumpTogether()
  }

  /// Whose assignments wait for them, and who does nothing with its own; decides again when that
  /// has changed.
  package func agentsStand(held: Set<Bytes32>, wedged: Set<Bytes32>) async throws {
    if run.agentsStand(held: held, wedged: wedged) { try await pump() }
  }

  package func sessionClosed(
    _ event: SessionClosed, standing: AgentStanding
  ) async throws {
    run.sessionClosed(event.agent, standing: standing)
    try await record([event])
    try await pumpTogether()
  }

  // MARK: - Who wants to know

  /// What changes from now on. A slow reader loses the oldest: everything can be read again.
  package func changes() -> AsyncStream<PoolChange> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: PoolChange.self, bufferingPolicy: .bufferingNewest(256))
    lastObserver += 1
    let id = lastObserver
    observers[id] = continuation
    continuation.onTermination = { _ in Task { await self.forget(observer: id) } }
    return stream
  }

  private func forget(observer: Int) { observers[observer] = nil }

  private func announce(_ events: [any PoolEvent]) {
    guard !observers.isEmpty else { return }
    for event in events {
      guard let change = PoolChange(event) else { continue }
      for observer in observers.values { observer.yield(change) }
    }
  }

  package func announce(_ change: PoolChange) {
    for observer in observers.values { observer.yield(change) }
  }

  /// Ends the streams of those who listen.
  package func stop() {
    send.finish()
    for observer in observers.values { observer.finish() }
    observers = [:]
  }
}
