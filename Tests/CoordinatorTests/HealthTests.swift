import Bridge
import Bytes
import Coordinator
import KaleRules
import Pool
import StellarClient
import StellarXDR
import Store
import Testing

@Suite(.cluster) struct HealthTests {
  @Test func readinessNamesWhatIsMissing() async throws {
    let office = try await Office(network: .testnet, hasKey: false)
    var checks = await office.health.readiness()
    #expect(checks.map(\.name) == ["database", "chain", "master key", "split contract"])
    #expect(checks.map(\.ready) == [true, false, false, false])
    #expect(checks.allSatisfy { $0.ready == ($0.detail == nil) })
    try await office.ledger()
    checks = await office.health.readiness()
    #expect(checks[1].ready)
    await office.close()
    let ready = try await Office()
    try await ready.ledger()
    #expect(await ready.health.readiness().allSatisfy(\.ready))
    await ready.close()
  }

  /// Nearly no disk left: nothing is planted and its reason is said; harvests go on.
  @Test func plantingStopsBeforeHarvesting() async throws {
    let office = try await Office()
    let anna = try await office.farming("anna", try await office.pooler())
    try await office.openBlock(after: 300)
    try await office.requestPlanting()
    try await office.ledgers(60)
    await office.engine.holdPlanting("the pool's disk is nearly full")
    try await office.openBlock()
    try await office.playBlock()
    var rows = try await office.farmers.blocks(farmer: anna, before: nil, limit: 9).rows
    #expect(rows.map(\.state) == [.missed, .harvested])
    #expect(rows.first?.note?.contains("disk is nearly full") == true)
    await office.engine.holdPlanting(nil)
    try await office.playBlock()
    rows = try await office.farmers.blocks(farmer: anna, before: nil, limit: 9).rows
    #expect(rows.map(\.state) == [.harvested, .missed, .harvested])
    await office.close()
  }

  @Test func aClosedDatabaseIsSeen() async throws {
    let office = try await Office()
    await office.close()
    let checks = await office.health.readiness()
    #expect(!checks[0].ready && checks[0].detail != nil)
    let metrics = await office.health.metrics()
    #expect(value("kalepool_database_up", of: metrics) == 0)
  }

  @Test func figuresComeFromTheEvents() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    let anna = try await office.farming("anna", pooler)
    _ = try await office.farming("berta", pooler)
    try await office.openBlock(after: 300)
    for _ in 0..<2 { try await office.playBlock() }
    try await office.requestPlanting()
    var metrics = await office.health.metrics()
    #expect(value("kalepool_in_flight", of: metrics) == 2)
    #expect(value("kalepool_plantings_total", "planted", of: metrics) == 6)
    #expect(value("kalepool_harvests_total", of: metrics) == 4)
    #expect(value("kalepool_farmers", of: metrics) == 2)
    #expect(value("kalepool_agents_online", of: metrics) == 1)
    #expect(value("kalepool_block_index", of: metrics) == Double(office.view.farmIndex.rawValue))
    #expect(value("kalepool_audit_differences", of: metrics) == nil)

    try await office.ledgers(60)
    try await office.openBlock()
    try await office.leave(anna)
    try await office.ledgers(2)
    _ = try await office.operators.audit()
    // The figures of a new process are the same: they are counted from the tables.
    await office.close()
    let again = try await Office(database: office.database)
    metrics = await again.health.metrics()
    #expect(value("kalepool_in_flight", of: metrics) == 0)
    #expect(value("kalepool_plantings_total", "planted", of: metrics) == 6)
    #expect(value("kalepool_plantings_total", "missed", of: metrics) == 0)
    #expect(value("kalepool_works_total", of: metrics) == 6)
    #expect(value("kalepool_harvests_total", of: metrics) == 6)
    #expect(value("kalepool_rewards_stroops_total", of: metrics) == Double(6 * office.reward))
    #expect(value("kalepool_stake_losses_total", of: metrics) == 0)
    #expect(value("kalepool_exits_total", of: metrics) == 1)
    #expect(value("kalepool_plant_requests_total", of: metrics) == 3)
    #expect(value("kalepool_farmers", of: metrics) == 1)
    // Asked again within the second: the same, and nothing is counted twice.
    #expect(await again.health.metrics().first == metrics.first)
    await again.close()
  }

  /// What is counted in steps is what is counted at once.
  @Test func countsAddUp() async throws {
    let office = try await Office()
    _ = try await office.farming("anna", try await office.pooler())
    try await office.openBlock(after: 300)
    for _ in 0..<2 { try await office.playBlock() }
    let end = office.store.lastPosition
    let whole = try await office.history.counts(adding: PoolCounts(), through: end)
    var steps = PoolCounts()
    for position in stride(from: Int64(1), through: end, by: 3) {
      steps = try await office.history.counts(adding: steps, through: position)
    }
    steps = try await office.history.counts(adding: steps, through: end)
    #expect(steps == whole && whole.harvests == 2)
    await office.close()
  }

  @Test func eachNodeIsToldOfAndNoKeyInItsAddress() async throws {
    let office = try await Office()
    let rpc = RPCClient(
      RPCSettings(endpoints: ["https://me@rpc.example:8000/SECRET?key=SECRET", "http://[::1]:80"]))
    let health = HealthDesk(
      engine: office.engine, store: office.store, history: office.history, pace: Pace(),
      audits: AuditBook(), settings: DeskSettings(network: .devnet), nodes: { rpc.nodes })
    let nodes = await health.metrics().filter { $0.name.hasPrefix("kalepool_node_") }
    #expect(nodes.count == 7)
    let up = try #require(nodes.first { $0.name == "kalepool_node_up" })
    #expect(up.samples.map(\.value) == [0, 0])
    #expect(
      up.samples.map { $0.labels.map(\.value) } == [["1", "rpc.example:8000"], ["2", "[::1]:80"]])
    // What is not known is left out.
    #expect(nodes.first { $0.name == "kalepool_node_lag_ledgers" }?.samples.isEmpty == true)
    await office.close()
  }

  private func value(
    _ name: String, _ label: String? = nil, of metrics: [Metric]
  ) -> Double? {
    metrics.first { $0.name == name }?.samples.first {
      label == nil || $0.labels.contains { $0.value == label }
    }?.value
  }
}
