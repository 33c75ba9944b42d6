import Bytes
import KaleRules
import Pool
import Testing

/// Best reward: when work is handed over, in which batches, who is planted at all.
@Suite struct RewardTests {
  @Test func workIsHandedOverAFewLedgersBeforeTheEnd() throws {
    var game = Game(farmers: 3)
    game.play(blocks: 2)
    _ = game.wait { $0.count(WorkResolved.self) == 6 }
    let works = game.journal.compactMap { $0 as? WorkResolved }
    #expect(works.count == 6)
    // The greatest gap is 50: beyond it nothing is risked, before it nothing given away.
    #expect(works.allSatisfy { (50...54).contains($0.gap) })
  }

  @Test func theMeasuredLatenessOfTransactionsCounts() {
    func left(_ landing: [Double]) -> Int64 {
      var game = Game(farmers: 1)
      game.view.landing = landing
      game.play(blocks: 1)
      _ = game.wait { $0.count(WorkResolved.self) == 1 }
      let gap = game.journal.compactMap { ($0 as? WorkResolved)?.gap }.first ?? 0
      return 60 - gap
    }
    #expect(left(Array(repeating: 0.06, count: 16)) > left([1]))
  }

  @Test func anOperatorsOwnLedgerIsKept() {
    var settings = PoolSettings()
    settings.handOverLedgers = 20
    var game = Game(farmers: 1, settings: settings)
    game.play(blocks: 1)
    _ = game.wait { $0.count(WorkResolved.self) == 1 }
    let gap = game.journal.compactMap { ($0 as? WorkResolved)?.gap }.first
    #expect(gap.map { (38...41).contains($0) } == true)
  }

  /// 25 farmers, 10 a ledger: three batches a ledger apart, each farmer in each of them in turn.
  @Test func worksThatDoNotFitGoInBatchesAndTakeTurns() {
    var game = Game(farmers: 25)
    game.view.farmWritesMax = 10
    game.play(blocks: 5)
    _ = game.wait { $0.count(WorkResolved.self) == 125 }
    var ledgers: [BlockIndex: [LedgerSequence: [FarmerID]]] = [:]
    for work in game.journal.compactMap({ $0 as? WorkResolved }) {
      ledgers[work.block, default: [:]][work.ledger, default: []].append(work.farmer)
    }
    #expect(ledgers.count == 5)
    var last: [FarmerID: Int] = [:]
    for batches in ledgers.values {
      let sizes = batches.sorted { $0.key < $1.key }.map(\.value.count)
      #expect(sizes == [5, 10, 10])
      let keys = batches.keys.sorted()
      #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 + 1 == $1 })
      for farmer in batches[keys[keys.count - 1]] ?? [] { last[farmer, default: 0] += 1 }
    }
    // Two of five blocks in the last batch, each of them.
    #expect(last.count == 25 && last.values.allSatisfy { $0 == 2 })
  }

  @Test func whoIsPlantedFirstMovesOn() {
    var game = Game(farmers: 5)
    game.view.farmWritesMax = 2
    game.play(blocks: 3)
    let plants = game.journal.compactMap { $0 as? TransactionIntended }.filter { $0.kind == .plant }
    let firsts = Dictionary(grouping: plants, by: \.block).mapValues { $0.first?.farmer }
    #expect(Set(firsts.values).count == 3)
  }

  // MARK: - Stakes

  @Test func noMoreThanTheGreatestStakeWhereTheFarmerWishes() {
    var game = Game(farmers: 2)
    game.record([
      SettingsChanged(
        farmer: 1, stakeBps: 2_000, harvestAfterBlocks: 1, stakeCap: nil, paused: false,
        withinMaxStake: true)
    ])
    game.view.nextBlock = FarmBlock(
      timestamp: 0, minGap: 0, maxGap: 50, minStake: 0, maxStake: 70_000_000, minZeros: 4,
      maxZeros: 8, entropy: .zero, stakedTotal: 0, normalizedTotal: 0)
    game.play(blocks: 1)
    let stakes = game.journal.compactMap { $0 as? PlantingResolved }.sorted {
      $0.farmer < $1.farmer
    }
    #expect(stakes.map(\.stake) == [70_000_000, 200_000_000])
  }

  // MARK: - Fees

  /// The block shares 2,505 KALE by 50 parts: some 50 KALE a part, half of it the pooler's.
  static func fees(price: Stroops?, evenBelowFees: Bool = false) -> Game {
    var settings = PoolSettings()
    settings.xlmPerKale = price
    var game = Game(farmers: 1, settings: settings)
    game.record([
      SettingsChanged(
        farmer: 1, stakeBps: 2_000, harvestAfterBlocks: 1, stakeCap: nil, paused: false,
        evenBelowFees: evenBelowFees)
    ])
    // What the open block shares is known once a block was seen to open.
    while game.state.block == nil { game.ledger() }
    for _ in 0..<61 { game.ledger() }
    game.request(block: game.view.farmIndex)
    for _ in 0..<80 { game.step() }
    return game
  }

  @Test func whoCannotEarnTheFeesIsNotPlanted() {
    // Some 60 KALE for the farmer: 180,000 stroops of fees are 0.018 XLM.
    #expect(Self.fees(price: 3_100).count(PlantingResolved.self) { $0.planted } == 1)
    let poor = Self.fees(price: 2)
    #expect(poor.count(TransactionIntended.self) { $0.kind == .plant } == 0)
    #expect(
      poor.count(PlantingResolved.self) { $0.reason?.contains("less than the fees") == true } == 1)
  }

  @Test func withoutAPriceOrWhereTheFarmerAsksItIsPlanted() {
    #expect(Self.fees(price: nil).count(PlantingResolved.self) { $0.planted } == 1)
    #expect(
      Self.fees(price: 2, evenBelowFees: true).count(PlantingResolved.self) { $0.planted } == 1)
  }

  @Test func feesAreWhatTheyWereOfLate() {
    var game = Game(farmers: 1)
    #expect(game.state.blockFees == 180_000)
    game.play(blocks: 2)
    _ = game.wait { $0.count(Harvested.self) == 2 }
    #expect(game.state.blockFees == 120_000)
  }

  // MARK: - Harvests

  @Test func theHarvestLimitFollowsTheEntriesLife() {
    var settings = PoolSettings()
    #expect(settings.harvestMarginLedgers == 2_400 && settings.harvestAfterBlocksMax == 240)
    settings.entryLedgers = 720
    #expect(settings.harvestMarginLedgers == 180 && settings.harvestAfterBlocksMax == 8)
    settings.entryLedgers = 100
    #expect(settings.harvestAfterBlocksMax == 1)
  }

  /// Entries live 720 ledgers: harvested with 180 of them left, whatever the farmer set.
  @Test func aHarvestComesBeforeTheEntryExpires() throws {
    var settings = PoolSettings()
    settings.entryLedgers = 720
    var game = Game(farmers: 1, harvestAfter: 240, settings: settings)
    // A setting made when entries lived longer.
    game.play(blocks: 1)
    game.somebodyOpens = false
    #expect(game.wait(800) { $0.count(Harvested.self) == 1 })
    let harvested = try #require(game.journal.compactMap { $0 as? Harvested }.first)
    let opened = try #require(
      game.journal.compactMap { $0 as? BlockOpened }.first { $0.block == harvested.block })
    let left = opened.liveUntil.rawValue - harvested.ledger.rawValue
    #expect((170...180).contains(left))
  }

  /// The block that is open can only be harvested when another opens: the pool sees to it.
  @Test func anExpiringBlockIsClosedByThePool() {
    var settings = PoolSettings()
    settings.entryLedgers = 720
    var game = Game(farmers: 1, settings: settings)
    game.request()
    while game.count(PlantingResolved.self) == 0 { game.step() }
    game.somebodyOpens = false
    for _ in 0..<500 { game.step() }
    #expect(game.count(TransactionIntended.self) { $0.kind == .openBlock } == 0)
    #expect(game.wait(60) { $0.count(Harvested.self) == 1 })
    #expect(game.count(TransactionIntended.self) { $0.kind == .openBlock } == 1)
  }
}
