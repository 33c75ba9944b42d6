import Bytes
import KaleRules
import Pool
import Postgres
import Store
import StoreBench
import Testing

@Suite(.cluster, .serialized) struct ProjectionTests {
  /// Some blocks, recorded in transactions of any size, with projections brought up to date in
  /// between.
  private func filled(
    _ settings: StoreSettings, blocks: UInt32 = 6, seed: UInt64,
    _ meanwhile: (EventStore, History) async throws -> Void = { _, _ in }
  ) async throws {
    let store = try await EventStore.open(settings, log: quiet)
    let history = History(settings)
    var past = PoolHistory(poolers: 3, farmers: 30, seed: seed)
    var random = SplitMix(seed: seed ^ 1)
    for block in 2_013..<2_013 + blocks {
      var entries = past.block(block)[...]
      while !entries.isEmpty {
        let count = Int.random(in: 1...150, using: &random)
        try await store.append(Array(entries.prefix(count)))
        entries = entries.dropFirst(count)
        if Bool.random(using: &random) { _ = try await history.reports(before: nil, limit: 1) }
        try await meanwhile(store, history)
      }
    }
    await history.close()
    await store.close()
  }

  @Test func rebuiltEqualsLive() async throws {
    let settings = try await ClusterTrait.database()
    try await filled(settings, seed: .random(in: 0 ... .max))
    let connection = try await PostgresConnection.connect(settings.application)
    let report = try await Rebuild.run(connection)
    #expect(report.differed == [] && report.events > 2_000)
    // What somebody did to them is mended, and said.
    try await connection.query("UPDATE block_zeros SET farmers = farmers + 1 WHERE zeros = 9")
    try await connection.query("DELETE FROM balances WHERE account = 'farm'")
    #expect(try await Rebuild.run(connection).differed == ["balances", "block_zeros"])
    #expect(try await Rebuild.run(connection).differed == [])
  }

  /// Against the sums that the tables of events give at once.
  @Test func reportsAreWhatTheEventsSay() async throws {
    let settings = try await ClusterTrait.database()
    try await filled(settings, seed: .random(in: 0 ... .max))
    let history = History(settings)
    let connection = try await PostgresConnection.connect(settings.application)
    let expected = try await connection.query(Self.oracleSQL)
    let reports = try await history.reports(before: nil, limit: 100)
    #expect(reports.count == 18 && expected.count == 18)
    for (report, row) in zip(reports, expected) {
      #expect(Int64(report.block.rawValue) == (try row.int(0)))
      #expect(report.pooler == (try row.int(1)))
      let counts = [
        report.planted, report.missed.values.reduce(0, +), report.worked, report.harvested,
        report.lost, report.agents, report.nonces, report.zerosMin, report.zerosMax,
      ].map { Int64($0 ?? -1) }
      #expect(counts == (try (2...10).map { try row.int($0) }))
      let amounts = [report.stake, report.reward, report.stakeLost, report.fees].map(\.rawValue)
      #expect(amounts == (try (11...14).map { try row.int($0) }))
      #expect(report.zerosMedian.map { Int64($0 * 2) } == (try row.int(15)))
      #expect(report.gapMean.map { Int64(($0 * 1_000).rounded()) } == (try row.int(16)))
      #expect(Int64(report.hashes) == (try row.int(17)))
      let times = report.times
      let order = [
        times.detected, times.requested, times.plantSent, times.firstPlanted, times.firstNonce,
        times.workSent, times.lastWorked,
      ].compactMap(\.self)
      #expect(order.count == 7 && order == order.sorted())
      #expect(report.wanted == 10 && report.resolvedAt != nil)
    }
    // Pages keep a block's poolers together.
    let page = try await history.reports(before: BlockIndex(2_017), limit: 4)
    #expect(page.map(\.block.rawValue) == [2_016, 2_016, 2_016, 2_015, 2_015, 2_015])
    await history.close()
  }

  private static let oracleSQL = """
    SELECT p.block, p.pooler, count(*) FILTER (WHERE p.planted),
      count(*) FILTER (WHERE NOT p.planted), count(w.position), count(h.position),
      count(l.position),
      (SELECT count(DISTINCT a.agent) FROM assignments a JOIN plantings q USING (farmer, block)
        WHERE q.block = p.block AND q.pooler = p.pooler),
      (SELECT count(*) FROM nonces n JOIN plantings q USING (farmer, block)
        WHERE q.block = p.block AND q.pooler = p.pooler),
      min(w.zeros), max(w.zeros), sum(p.stake)::bigint, coalesce(sum(h.reward), 0)::bigint,
      coalesce(sum(l.stake), 0)::bigint,
      (SELECT sum(o.fee)::bigint FROM plantings q
        JOIN tx_intents i ON i.farmer = q.farmer AND i.block = q.block
        JOIN tx_outcomes o ON o.transaction = i.transaction
        WHERE q.block = p.block AND q.pooler = p.pooler),
      (2 * percentile_cont(0.5) WITHIN GROUP (ORDER BY w.zeros))::bigint,
      round(avg(w.gap) * 1000)::bigint,
      (SELECT sum(f.hashes)::bigint FROM work_finishes f JOIN plantings q USING (farmer, block)
        WHERE q.block = p.block AND q.pooler = p.pooler)
    FROM plantings p
    LEFT JOIN works w ON w.farmer = p.farmer AND w.block = p.block
    LEFT JOIN harvests h ON h.farmer = p.farmer AND h.block = p.block
    LEFT JOIN stake_losses l ON l.farmer = p.farmer AND l.block = p.block
    GROUP BY p.block, p.pooler ORDER BY p.block DESC, p.pooler
    """

  /// Balances at any moment are those that were noted then.
  @Test func balancesOfThePast() async throws {
    let settings = try await ClusterTrait.database()
    let connection = try await PostgresConnection.connect(settings.application)
    var noted: [(instant: Int64, position: Int64, balances: [BookBalance])] = []
    try await filled(settings, seed: .random(in: 0 ... .max)) { store, history in
      let balances = try await history.balances()
      let instant = try await connection.query(
        "SELECT recorded_at FROM journal_links ORDER BY link DESC LIMIT 1")[0].timestamp(0)
      noted.append((instant, store.lastPosition, balances))
    }
    #expect(noted.count > 20)
    let history = History(settings)
    let (first, last) = (noted[0].instant, noted[noted.count - 1].instant)
    var instants = noted.flatMap { [$0.instant - 1, $0.instant] }
    instants += (0..<200).map { _ in Int64.random(in: first - 10...last + 10) }
    for instant in instants {
      let moment = noted.last { $0.instant <= instant }
      let position = try await history.position(at: instant)
      #expect(position == moment?.position ?? 0)
      #expect(try await history.balances(through: position) == moment?.balances ?? [])
      guard let one = moment?.balances.randomElement() else { continue }
      #expect(
        try await history.balances(of: one.account, through: position)
          == moment?.balances.filter { $0.account == one.account })
    }
    #expect(try await history.position(at: 0) == 0)
    #expect(try await history.balances(through: 0) == [])
    let kale = try await history.balances().filter { $0.asset == .kale }.map(\.amount)
    #expect(kale.reduce(0, +) == 0 && kale.contains { $0 != 0 })
    await history.close()
  }

  @Test func countsBeginWithTheProjections() async throws {
    let settings = try await ClusterTrait.database()
    try await filled(settings, blocks: 2, seed: 7)
    let history = History(settings)
    let store = try await EventStore.open(settings, log: quiet)
    _ = try await history.reports(before: nil, limit: 1)
    let counts = try await history.counts(adding: PoolCounts(), through: store.lastPosition)
    // Up to an earlier event they are counted one by one.
    let middle = try await history.counts(adding: PoolCounts(), through: 400)
    #expect(middle.position == 400 && middle.planted < counts.planted)
    #expect(try await history.counts(adding: middle, through: store.lastPosition) == counts)
    await store.close()
    await history.close()
  }
}
