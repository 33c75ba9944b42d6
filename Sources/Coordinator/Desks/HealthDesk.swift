package import Bridge
import KaleRules
import Pool
package import StellarClient
import StellarXDR
package import Store

/// Whether the coordinator is ready, and its figures.
package struct HealthDesk: HealthService {
  let engine: PoolEngine
  let store: EventStore
  let pace: Pace
  let audits: AuditBook
  let settings: DeskSettings
  let hasMasterKey: Bool
  let nodes: @Sendable () -> [NodeStatus]
  let counter: PoolCounter

  /// A ledger may take this long although all is well (requirement: 3 ledgers' time if more).
  static let silenceMax = Duration.seconds(30)
  static let silentLedgersMax: Int64 = 3

  /// `nodes` tells how the Stellar nodes are.
  package init(
    engine: PoolEngine, store: EventStore, history: History, pace: Pace, audits: AuditBook,
    settings: DeskSettings, hasMasterKey: Bool = true,
    nodes: @escaping @Sendable () -> [NodeStatus] = { [] }
  ) {
    self.engine = engine
    self.store = store
    self.pace = pace
    self.audits = audits
    self.settings = settings
    self.hasMasterKey = hasMasterKey
    self.nodes = nodes
    counter = PoolCounter(engine: engine, store: store, history: history)
  }

  package func readiness() async -> [ReadinessCheck] {
    let interval = await engine.read { state, _ in state.settings.ledgerSeconds }
    return [
      ReadinessCheck(
        name: "database", ready: await counter.isDatabaseUp(),
        detail: store.trouble ?? "the database takes no events"),
      chain(interval),
      ReadinessCheck(
        name: "master key", ready: hasMasterKey,
        detail: "no master key: no wallet can be made or used"),
      ReadinessCheck(
        name: "split contract", ready: settings.network.splitContract != nil,
        detail: "no split contract is known on \(settings.network.name): nobody can join"),
    ].map { check in
      ReadinessCheck(
        name: check.name, ready: check.ready, detail: check.ready ? nil : check.detail)
    }
  }

  private func chain(_ ledgerSeconds: Int64) -> ReadinessCheck {
    let interval = pace.milliseconds(ledgerSeconds * Self.silentLedgersMax)
    let allowed = max(Self.silenceMax, .milliseconds(Int64(interval)))
    guard let silence = pace.sinceLedger() else {
      return ReadinessCheck(name: "chain", ready: false, detail: "no ledger has been seen yet")
    }
    return ReadinessCheck(
      name: "chain", ready: silence <= allowed,
      detail: "the last ledger was seen \(silence.components.seconds) s ago")
  }

  package func metrics() async -> [Metric] {
    let (snapshot, isUp) = await counter.snapshot()
    return PoolMetrics(
      snapshot: snapshot, databaseIsUp: isUp, ledgerAge: pace.sinceLedger(), audit: audits.last
    ).metrics + NodeMetrics(nodes: nodes()).metrics
  }
}
