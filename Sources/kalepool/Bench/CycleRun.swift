import Bytes
import Coordinator
import Glibc
import KaleRules
import Logging
import Pool
import PoolProtocol
import Postgres
import RPCBench
import StellarXDR
import Store

/// One run of ``BenchCycle``.
struct CycleRun {
  let farmers: Int
  let agents: Int
  let ledgerTransactions: Int
  let database: BenchDatabase
  let log: Logger

  private static let block = BlockIndex(2_020)
  /// Ledgers of the next block in which all must be harvested.
  private static let harvestLedgersMax = 60

  func play() async throws -> CycleFigures {
    let store = try await EventStore.open(database.settings, log: log)
    let engine = try await PoolEngine(settings: PoolSettings(), journal: store, log: log)
    let desk = AgentDesk(engine: engine, pace: Pace(), log: log)
    let chain = CycleChain(engine: engine)
    let listening = Task { await chain.listen() }
    var figures = CycleFigures(farmers: farmers)
    let result: Result<Void, any Error>
    do {
      let agents = try await CyclePool(farmers: farmers, agents: agents).make(engine, desk)
      try await play(engine, desk, chain, agents, store, &figures)
      result = .success(())
    } catch { result = .failure(error) }
    await engine.stop()
    await listening.value
    await store.close()
    try result.get()
    try await restart(&figures)
    return figures
  }

  private func play(
    _ engine: PoolEngine, _ desk: AgentDesk, _ chain: CycleChain, _ agents: [CycleAgent],
    _ store: EventStore, _ figures: inout CycleFigures
  ) async throws {
    let connection = try await PostgresConnection.connect(database.settings.application)
    let before = try await Reading(connection, database)
    let began = ContinuousClock.now
    var time = CycleTime(writes: ledgerTransactions, block: Self.block)
    try await time.open(Self.block, engine)
    _ = try await desk.plant(PlantRequest(blockIndex: Self.block.rawValue), from: agents[0].key)
    while !time.isOver {
      let ledger = ContinuousClock.now
      try await time.ledger(engine)
      try await chain.include(atMost: ledgerTransactions, time.view)
      try await together(agents) { try await $0.work() }
      figures.slowestLedgerSeconds = max(
        figures.slowestLedgerSeconds, (ContinuousClock.now - ledger) / .seconds(1))
    }
    try await together(agents) { try await $0.stop(block: Self.block) }
    try await time.open(Self.block.next, engine)
    var left = Self.harvestLedgersMax
    while left > 0,
      await engine.read({ state, _ in state.farmers.values.contains { !$0.plantings.isEmpty } })
    {
      left -= 1
      try await time.ledger(engine)
      try await chain.include(atMost: ledgerTransactions, time.view)
    }
    figures.seconds = (ContinuousClock.now - began) / .seconds(1)
    figures.ledgers = time.ledgers
    try await figures.take(before, try await Reading(connection, database))
    try await figures.count(connection)
    var waits: [Double] = []
    for agent in agents { waits += await agent.waits }
    figures.take(waits: waits)
    await connection.close()
  }

  private func together(
    _ agents: [CycleAgent], _ body: @escaping @Sendable (CycleAgent) async throws -> Void
  ) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      for agent in agents { group.addTask { try await body(agent) } }
    }
  }

  private func restart(_ figures: inout CycleFigures) async throws {
    let began = ContinuousClock.now
    let store = try await EventStore.open(database.settings, log: log)
    _ = try await PoolEngine(settings: PoolSettings(), journal: store, log: log)
    figures.restartSeconds = (ContinuousClock.now - began) / .seconds(1)
    await store.close()
  }
}

/// Ledger time of ``CycleRun``.
struct CycleTime {
  private(set) var view: ChainView
  private(set) var ledgers = 0

  init(writes: Int, block: BlockIndex) {
    view = ChainView(
      ledger: 1_000, closeTime: 100_000, farmIndex: block, openedAt: 100_000, farmIsPaused: false)
    view.farmWritesMax = Int64(writes)
  }

  var isOver: Bool { view.closeTime + 5 >= view.openedAt + 300 }

  mutating func open(_ block: BlockIndex, _ engine: PoolEngine) async throws {
    view.farmIndex = block
    view.openedAt = view.closeTime + 5
    try await engine.record([
      BlockOpened(
        block: block, openedAt: view.openedAt, entropy: CycleChain.key(1, 9), gapMin: 0,
        gapMax: 50, zerosMin: 0, zerosMax: 4)
    ])
    try await ledger(engine)
  }

  mutating func ledger(_ engine: PoolEngine) async throws {
    view.ledger = view.ledger + 1
    view.closeTime += 5
    ledgers += 1
    try await engine.ledgerClosed(view)
  }
}

/// What is measured before and after.
private struct Reading {
  let poolCPU = ProcessUsage(of: getpid()).cpuSeconds
  let databaseCPU: Double
  let databaseMemory: Int
  let transactions: Int64
  let logBytes: Int64
  let links: Int64
  let events: Int64

  init(_ connection: PostgresConnection, _ database: BenchDatabase) async throws {
    (databaseCPU, databaseMemory) = database.usage
    let row = try await connection.query(
      """
      SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()),
        pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint,
        coalesce(max(link), 0), coalesce(max(last), 0)
      FROM journal_links
      """)[0]
    transactions = try row.int(0)
    logBytes = try row.int(1)
    links = try row.int(2)
    events = try row.int(3)
  }
}

extension CycleFigures {
  fileprivate mutating func take(_ before: Reading, _ after: Reading) async throws {
    events = after.events - before.events
    commits = after.links - before.links
    transactions = after.transactions - before.transactions
    logBytes = after.logBytes - before.logBytes
    poolCPUSeconds = after.poolCPU - before.poolCPU
    databaseCPUSeconds = after.databaseCPU - before.databaseCPU
    databaseMemoryBytes = after.databaseMemory
    poolMemoryBytes = ProcessUsage(of: getpid()).memoryBytes
  }

  fileprivate mutating func count(_ connection: PostgresConnection) async throws {
    let row = try await connection.query(
      """
      SELECT (SELECT count(*) FROM plantings WHERE planted), (SELECT count(*) FROM works),
        (SELECT count(*) FROM harvests), (SELECT count(*) FROM nonces)
      """)[0]
    planted = Int(try row.int(0))
    worked = Int(try row.int(1))
    harvested = Int(try row.int(2))
    nonces = Int(try row.int(3))
  }

  fileprivate mutating func take(waits: [Double]) {
    let sorted = waits.sorted()
    guard !sorted.isEmpty else { return }
    nonceMillisecondsMedian = sorted[sorted.count / 2] * 1_000
    nonceMilliseconds99 = sorted[sorted.count * 99 / 100] * 1_000
  }
}
