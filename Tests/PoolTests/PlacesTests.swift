import Bytes
import KaleRules
import Testing

@testable import Pool

/// The waiting list, capacity, and what a pooler's losses lead to.
@Suite struct PlacesTests {
  static func wait(_ game: inout Game, _ farmers: FarmerID...) {
    for farmer in farmers {
      game.register(farmer)
      game.record([QueueJoined(farmer: farmer, pooler: Game.pooler, shareBps: 5_000)])
    }
  }

  static func pooler(_ game: Game) throws -> Pooler {
    try #require(game.state.poolers[Game.pooler])
  }

  /// The agents' own bounds add up; one without a bound bounds nothing.
  @Test(arguments: [(3, 4, 7), (3, nil, 100), (60, 60, 100)] as [(Int?, Int?, Int)])
  func agentsBoundThePlaces(first: Int?, second: Int?, places: Int) throws {
    var game = Game(farmers: 1)
    for (agent, farmersMax) in zip(Game.agents, [first, second]) {
      game.record([
        CapacityReported(agent: agent, hashesPerSecond: 1, threads: 1, farmersMax: farmersMax)
      ])
    }
    let pooler = try #require(game.state.poolers[Game.pooler])
    #expect(game.state.places(of: pooler).own == places)
  }

  @Test func whoeverWaitsFirstGetsThePlaceThatFrees() throws {
    var game = Game(farmers: 2, farmersMax: 2)
    #expect(game.state.admission(to: try Self.pooler(game)) == .waits(1))
    Self.wait(&game, 9, 5, 7)
    #expect(game.state.admission(to: try Self.pooler(game)) == .waits(4))
    #expect(
      [9, 5, 7].map { game.state.farmers[$0].flatMap(game.state.queuePosition) } == [1, 2, 3])
    for _ in 0..<5 { game.step() }
    #expect(game.count(AgreementMade.self) == 2)
    LeavingTests.leave(&game, 1)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    for _ in 0..<3 { game.step() }
    #expect(game.state.farmers[9]?.agreement?.pooler == Game.pooler)
    #expect(game.state.farmers[9]?.waiting == nil)
    #expect(game.count(AgreementMade.self) == 3)
    #expect(try Self.pooler(game).queue == [5, 7])
    LeavingTests.leave(&game, 2)
    #expect(game.wait { $0.state.farmers[5]?.agreement != nil })
    let order = game.journal.compactMap { ($0 as? AgreementMade)?.farmer }.suffix(2)
    #expect(order == [9, 5])
    let numbers = game.journal.compactMap { ($0 as? AgreementMade)?.agreement }
    #expect(Set(numbers).count == numbers.count)
  }

  @Test func whoeverLeavesTheListMakesRoom() throws {
    var game = Game(farmers: 1, farmersMax: 1)
    Self.wait(&game, 5, 6)
    game.record([QueueLeft(farmer: 5, pooler: Game.pooler)])
    #expect(game.state.farmers[5]?.waiting == nil)
    #expect(game.state.farmers[6].flatMap(game.state.queuePosition) == 1)
  }

  /// Stakes decide nothing: the greatest comes last and stays last.
  @Test func noStakeGoesFirst() throws {
    var game = Game(farmers: 1, farmersMax: 1)
    Self.wait(&game, 5)
    game.register(6, kale: 1_000_000_000_000)
    game.record([QueueJoined(farmer: 6, pooler: Game.pooler, shareBps: 5_000)])
    LeavingTests.leave(&game, 1)
    #expect(game.wait { $0.state.farmers[5]?.agreement != nil })
    #expect(game.state.farmers[6]?.agreement == nil)
  }

  @Test func aPoolerTakesNoMoreThanItDeliveredFor() throws {
    var settings = PoolSettings()
    settings.hashesPerFarmerMin = 50_000
    var game = Game(farmers: 10, settings: settings)
    #expect(game.state.places(of: try Self.pooler(game)).most == 100)
    // Ten farmers with 5 zeros each, of 8 searched for: some 16^5 · 10 hashes in 280 s.
    game.request()
    for _ in 0..<80 {
      game.ledger()
      game.zeros = 5
      game.hash()
    }
    game.play(blocks: 1)
    #expect(game.wait { $0.count(BlockAnalysed.self) >= 1 })
    let places = game.state.places(of: try Self.pooler(game))
    #expect(places.own == 100)
    #expect(game.journal.contains { ($0 as? BlockAnalysed)?.zerosMedian == 5 })
  }

  @Test func deliveredHashesFollowFromTheZerosFound() {
    let settings = PoolSettings()
    // 16^5 hashes each and nothing beyond, in 280 s.
    #expect(
      PoolState.delivered(mean: 5_000, farmers: 280, most: 8, settings) == 1 << 20)
    // Half-way to the next zero: 8.5 times as many.
    let half = PoolState.delivered(mean: 5_500, farmers: 280, most: 8, settings)
    #expect(half.map { (8_912_000...8_913_000).contains($0) } == true)
    #expect(PoolState.delivered(mean: 7_600, farmers: 280, most: 8, settings) == nil)
    #expect(PoolState.delivered(mean: 0, farmers: 1, most: 0, settings) == 0)
    #expect(PoolState.delivered(mean: 60_000, farmers: 1, most: 64, settings) != nil)
  }

  @Test func aBondBoundsAdmissionWhereItIsAskedFor() throws {
    var settings = PoolSettings()
    settings.bondBlocks = 2
    var game = Game(farmers: 2, settings: settings)
    #expect(game.state.places(of: try Self.pooler(game)).bonded == 0)
    #expect(game.state.admission(to: try Self.pooler(game)) == .waits(1))
    // Each stakes 200,000,000 a block: two blocks' worth for three farmers.
    game.deposit(1_200_000_000, to: Game.key(2))
    #expect(game.state.places(of: try Self.pooler(game)).bonded == 3)
    #expect(game.state.admission(to: try Self.pooler(game)) == .place)
  }

  @Test func threeBadBlocksInARowSuspend() throws {
    var game = Game(farmers: 2)
    func lose() {
      game.request()
      let block = game.view.farmIndex
      while game.view.farmIndex == block { game.ledger() }
    }
    for _ in 0..<3 { lose() }
    for _ in 0..<70 { game.ledger() }
    #expect(game.count(PoolerSuspended.self) == 1)
    #expect(try Self.pooler(game).isSuspended)
    #expect(game.state.admission(to: try Self.pooler(game)) == .suspended)
    #expect(game.count(Notice.self) { $0.pooler == Game.pooler && $0.level == "alert" } == 1)
    #expect(game.state.ready(for: Game.pooler, block: game.view.farmIndex.next).isEmpty)
    game.record([PoolerReinstated(pooler: Game.pooler)])
    #expect(game.state.ready(for: Game.pooler, block: game.view.farmIndex.next).count == 2)
    game.step()
    #expect(game.count(PoolerSuspended.self) == 1)
  }

  @Test func aGoodBlockBetweenForgivesTheBad() throws {
    var game = Game(farmers: 5)
    for round in 0..<5 {
      game.request()
      let block = game.view.farmIndex
      while game.view.farmIndex == block { round.isMultiple(of: 2) ? game.ledger() : game.step() }
    }
    for _ in 0..<70 { game.ledger() }
    #expect(game.count(StakeLost.self) > 0 && game.count(PoolerSuspended.self) == 0)
  }
}
