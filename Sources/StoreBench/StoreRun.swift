import KaleRules
package import Logging
import Pool
import Postgres
package import Store

/// Fills an empty database with a made-up past, as fast as the journal takes it, and measures what
/// is done with it afterwards.
package struct StoreRun: Sendable {
  /// Events at least; blocks are written whole.
  let events: Int
  let farmers: Int

  static let poolers = 1
  /// How many blocks the operator's page of analytics shows, and how often each page is asked for.
  static let blocksShown = 50
  static let questions = 41
  /// Events in one transaction where the chain's cost is measured, and such transactions.
  static let batch = 1_000
  static let batches = 60

  package init(events: Int, farmers: Int) {
    self.events = events
    self.farmers = farmers
  }

  /// The past's writing alone: the database is left full and nobody is connected.
  package func write(
    _ settings: StoreSettings, _ figures: inout StoreFigures, log: Logger,
    progress: (Int64) -> Void
  ) async throws {
    let store = try await EventStore.open(settings, log: log)
    var past = PoolHistory(poolers: Self.poolers, farmers: farmers, seed: 1)
    var time = Duration.zero
    var block: UInt32 = 0
    while store.lastPosition < events {
      block += 1
      let entries = past.block(block)
      let began = ContinuousClock.now
      // As the engine does: each on its own; what waits meanwhile is one transaction.
      var last: AppendTicket?
      for entry in entries { last = store.enqueue([entry]) }
      try await last?.durable()
      time += .now - began
      progress(store.lastPosition)
    }
    figures.blocks = Int(block)
    figures.events = store.lastPosition
    figures.writeSeconds = time / .seconds(1)
    await store.close()
  }

  package func measure(
    _ settings: StoreSettings, _ figures: inout StoreFigures, log: Logger
  ) async throws {
    var application = settings.application
    application.statementMillisecondsMax = 0
    let connection = try await PostgresConnection.connect(application)
    figures.transactions = Int(
      try await connection.query("SELECT count(*) FROM journal_links")[0].int(0))
    figures.databaseBytes = try await connection.query(
      "SELECT pg_database_size(current_database())")[0].int(0)
    let verified = try await timed(&figures.verifySeconds) {
      try await JournalVerifier(connection, seal: settings.seal).run()
    }
    figures.findings = verified.findings.count
    let rebuilt = try await timed(&figures.rebuildSeconds) { try await Rebuild.run(connection) }
    figures.projectionsThatDiffered = rebuilt.differed
    await connection.close()
    let store = try await EventStore.open(settings, log: log)
    try await timed(&figures.loadSeconds) { try await store.load { _ in } }
    await store.close()
    try await ask(History(settings), &figures)
  }

  /// Pages that people look at, newest first.
  private func ask(_ history: History, _ figures: inout StoreFigures) async throws {
    figures.analyticsMilliseconds = try await median { _ in
      let page = try await history.reports(before: nil, limit: Self.blocksShown * Self.poolers)
      precondition(page.count == min(Self.blocksShown, figures.blocks))
    }
    figures.blocksMilliseconds = try await median { farmer in
      _ = try await history.blocks(farmer: farmer, before: nil, limit: Self.blocksShown)
    }
    figures.rewardsMilliseconds = try await median { farmer in
      _ = try await history.rewards(farmer: farmer, before: nil, limit: Self.blocksShown)
    }
    figures.statementMilliseconds = try await median { farmer in
      _ = try await history.statement(
        of: .wallet(PoolHistory.wallet(farmer)), after: nil, limit: 100)
    }
    await history.close()
  }

  private func median(_ question: (FarmerID) async throws -> Void) async throws -> Double {
    var times: [Double] = []
    for turn in 0..<Self.questions {
      var seconds = 0.0
      try await timed(&seconds) { try await question(FarmerID(1 + turn % farmers)) }
      times.append(seconds * 1_000)
    }
    return times.sorted()[times.count / 2]
  }

  /// What the chain costs, on a database of its own.
  package static func chainCost(
    _ settings: StoreSettings, log: Logger
  ) async throws -> ChainCost.Figures {
    await (try EventStore.open(settings, log: log)).close()
    var past = PoolHistory(poolers: poolers, farmers: 500, seed: 2)
    var entries: [JournalEntry] = []
    var block: UInt32 = 0
    while entries.count < batch * batches {
      block += 1
      entries += past.block(block)
    }
    let parts = (0..<batches).map { Array(entries[$0 * batch..<($0 + 1) * batch]) }
    return try await ChainCost.measure(parts, settings)
  }
}

private func timed<Answer>(
  _ seconds: inout Double, _ body: () async throws -> Answer
) async throws -> Answer {
  let began = ContinuousClock.now
  let answer = try await body()
  seconds = (ContinuousClock.now - began) / .seconds(1)
  return answer
}
