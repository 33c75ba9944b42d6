import KaleRules
import Pool
import Store

/// Counts from the tables of events, and gauges of the state at the same moment, kept for a second.
///
/// The state is looked at first: a transaction that is no longer in flight there is in the counts.
actor PoolCounter {
  private let engine: PoolEngine
  private let store: EventStore
  private let history: History
  private var last: (snapshot: PoolSnapshot, at: ContinuousClock.Instant)?
  private var running: Task<PoolSnapshot, any Error>?

  /// Whoever asks more often gets the same figures again.
  static let age = Duration.seconds(1)

  init(engine: PoolEngine, store: EventStore, history: History) {
    self.engine = engine
    self.store = store
    self.history = history
  }

  /// The figures, and whether the database gave them just now.
  func snapshot() async -> (PoolSnapshot, isUp: Bool) {
    if let last, ContinuousClock.now - last.at < Self.age { return (last.snapshot, true) }
    // What is counted must be durable, and nothing gets so.
    if store.trouble != nil { return (last?.snapshot ?? PoolSnapshot(), false) }
    let task = running ?? Task { try await self.count() }
    running = task
    do {
      return (try await task.value, true)
    } catch {
      return (last?.snapshot ?? PoolSnapshot(), false)
    }
  }

  func isDatabaseUp() async -> Bool { await snapshot().isUp }

  private func count() async throws -> PoolSnapshot {
    defer { running = nil }
    var snapshot = await engine.read { state, view in PoolSnapshot(state, view) }
    let position = store.lastPosition
    // An empty entry is durable when all before it is.
    try await store.enqueue([]).durable()
    snapshot.counts = try await history.counts(
      adding: last?.snapshot.counts ?? PoolCounts(), through: position)
    last = (snapshot, .now)
    return snapshot
  }
}
