package import KaleRules
package import Logging
package import StellarXDR
import Synchronization

/// Knows the last closed ledger, by asking every node for it at an interval, and what each node says
/// of the farm's block.
///
/// `run()` must be running for anybody to be served. A ledger that a lagging node reports after a
/// newer one is ignored: ticks only go forward.
package final class LedgerFollower: Sendable {
  package struct Settings: Sendable {
    /// How often each node is asked. A ledger closes about every 5 seconds on real networks.
    package var interval: Duration = .seconds(1)
    /// How long waiters wait for a ledger that does not come before they look for themselves.
    package var stallLimit: Duration = .seconds(20)

    package init() {}
  }

  struct State {
    var latest: LedgerTick?
    var seenAt = ContinuousClock.now
    /// When `latest` was heard of.
    var heardAt = ContinuousClock.now
    var forecast = LedgerForecast()
    var leap = LedgerLeap()
    var agreement = BlockAgreement()
    var nextID: UInt64 = 0
    var streams: [UInt64: AsyncStream<LedgerTick>.Continuation] = [:]
    var waiters: [UInt64: Waiter] = [:]
  }

  struct Waiter {
    var after: LedgerSequence
    var continuation: CheckedContinuation<Void, Never>
  }

  let rpc: RPCClient
  /// Of whose farm the nodes' sightings are compared; nil: of none.
  let reader: KaleReader?
  let settings: Settings
  let logger: Logger
  let state = Mutex(State())

  package init(
    _ rpc: RPCClient, network: KaleNetwork? = nil, settings: Settings = Settings(),
    logger: Logger = Logger(label: "stellar.ledgers")
  ) {
    self.rpc = rpc
    reader = network.map { KaleReader(rpc, network: $0) }
    self.settings = settings
    self.logger = logger
  }

  /// The last ledger seen, nil before the first.
  package var latest: LedgerTick? { state.withLock { $0.latest } }

  /// When ledgers will close.
  package var forecast: LedgerForecast {
    get { state.withLock { $0.forecast } }
    set { state.withLock { $0.forecast = newValue } }
  }

  /// What the network aims at, in seconds, until ledgers were seen.
  package func expect(ledgerSeconds: UInt64) {
    state.withLock { $0.forecast.target = ledgerSeconds }
  }

  /// Whether the nodes agree about what one of them said.
  package func verdict(
    on sighting: FarmSighting, known: BlockIndex
  ) -> BlockAgreement.Verdict {
    let now = ContinuousClock.now
    let verdict = state.withLock { $0.agreement.verdict(on: sighting, known: known, at: now) }
    if case .disputed(let node, _) = verdict {
      rpc.noteDisagreement(of: node, in: sighting.ledger)
    }
    return verdict
  }

  /// Ledgers from now on, the newest only where the reader is slow.
  package func ticks() -> AsyncStream<LedgerTick> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: LedgerTick.self, bufferingPolicy: .bufferingNewest(1))
    let id = state.withLock { state in
      state.nextID += 1
      state.streams[state.nextID] = continuation
      return state.nextID
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.streams.removeValue(forKey: id) }
    }
    return stream
  }

  /// Returns when a ledger after `ledger` has closed, when none comes for the stall limit, or when
  /// the task is cancelled: the caller looks at the state of things again in any case.
  package func wait(after ledger: LedgerSequence) async {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if Task.isCancelled { return true }
          if let latest = state.latest, latest.sequence > ledger { return true }
          state.waiters[id] = Waiter(after: ledger, continuation: continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
    }
  }

  /// The last ledger, asked for if none was seen yet.
  package func current() async throws(RPCError) -> LedgerTick {
    if let latest { return latest }
    let tick = try await rpc.getLatestLedger()
    note(tick)
    return latest ?? tick
  }

  /// Takes a ledger that somebody saw; false where it is not new.
  @discardableResult
  package func note(_ tick: LedgerTick) -> Bool {
    let streams = state.withLock { state -> [AsyncStream<LedgerTick>.Continuation]? in
      if let latest = state.latest, latest.sequence >= tick.sequence { return nil }
      state.latest = tick
      state.seenAt = .now
      state.heardAt = state.seenAt
      state.forecast.note(tick)
      return Array(state.streams.values)
    }
    guard let streams else { return false }
    for stream in streams { stream.yield(tick) }
    release { $0.after < tick.sequence }
    return true
  }

  func release(_ isDue: (Waiter) -> Bool) {
    let due = state.withLock { state in
      let due = state.waiters.filter { isDue($0.value) }
      for id in due.keys { state.waiters[id] = nil }
      return due
    }
    for waiter in due.values { waiter.continuation.resume() }
  }
}
