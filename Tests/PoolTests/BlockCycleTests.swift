import Bytes
import KaleRules
import Pool
import Testing

@Suite struct BlockCycleTests {
  @Test func everyFarmerIsPlantedWorkedAndHarvested() {
    var game = Game(farmers: 10)
    game.play(blocks: 3)
    #expect(game.wait { $0.count(Harvested.self) == 30 })
    #expect(game.count(PlantingResolved.self) { $0.planted } == 30)
    #expect(game.count(WorkResolved.self) == 30)
    #expect(game.count(StakeLost.self) == 0)
    #expect(game.count(BlockAnalysed.self) { $0.worked == 10 && $0.lost == 0 } == 3)
  }

  @Test func nobodyIsPlantedUnlessThePoolerAsks() {
    var game = Game(farmers: 3)
    for _ in 0..<200 { game.step() }
    #expect(game.count(PlantingResolved.self) == 0)
    #expect(game.count(TransactionIntended.self) == 0)
  }

  @Test func askingTwiceIsAskingOnce() {
    var game = Game(farmers: 3)
    game.request()
    game.request()
    for _ in 0..<80 { game.step() }
    #expect(game.count(PlantingResolved.self) == 3)
  }

  @Test func aRequestForNobodyIsRememberedToo() {
    var game = Game(farmers: 1)
    let settings = SettingsChanged(
      farmer: 1, stakeBps: 2_000, harvestAfterBlocks: 1, stakeCap: nil, paused: true)
    game.record([settings])
    let block = game.view.farmIndex.next
    game.request()
    game.step()
    #expect(game.state.requests.contains(PoolerBlock(block: block, pooler: Game.pooler)))
    #expect(game.count(BlockAnalysed.self) == 0)
    for _ in 0..<130 { game.step() }
    #expect(game.count(BlockAnalysed.self) { $0.block == block && $0.wanted == 0 } == 1)
  }

  @Test func nobodyIsPlantedWithoutALiveAgent() {
    var game = Game(farmers: 3)
    game.request()
    game.view.liveAgents = []
    for _ in 0..<200 { game.step() }
    #expect(game.count(TransactionIntended.self) == 0)
    #expect(
      game.count(PlantingResolved.self) { $0.reason == "no agent of the pooler was connected" } == 3
    )
  }

  @Test func aRefusedPlantIsTriedThreeTimesAndLosesNothing() {
    var game = Game(farmers: 1)
    game.refused = [.plant]
    game.request()
    for _ in 0..<200 { game.step() }
    #expect(game.count(TransactionIntended.self) == 3)
    #expect(game.count(PlantingResolved.self) { !$0.planted } == 1)
    #expect(game.state.balance(.staked(1), .kale) == 0)
  }

  @Test func stakeIsThePartOfTheLiquidBalance() {
    var game = Game(farmers: 1, kale: 999)
    game.request()
    for _ in 0..<80 { game.step() }
    #expect(game.count(PlantingResolved.self) { $0.stake == 199 } == 1)
  }

  @Test func harvestWaitsForTheFarmersSetting() {
    var game = Game(farmers: 1, harvestAfter: 3)
    game.play(blocks: 3)
    #expect(game.count(Harvested.self) == 0)
    #expect(game.wait(200) { $0.count(Harvested.self) >= 1 })
    let first = game.journal.compactMap { $0 as? Harvested }.first
    #expect(first.map { game.view.farmIndex.rawValue >= $0.block.rawValue + 3 } == true)
  }

  @Test func aDeadAgentsFarmersMoveToTheOther() throws {
    var game = Game(farmers: 6)
    game.request()
    let block = game.view.farmIndex.next
    while game.count(AssignmentMade.self) < 6 { game.ledger() }
    let dead = Game.agents[0]
    #expect(game.count(AssignmentMade.self) { $0.agent == dead } == 3)
    game.view.liveAgents.remove(dead)
    game.ledger()
    for farmer in game.state.farmers.values {
      let assignment = try #require(farmer.plantings[block]?.assignment)
      #expect(assignment.agent == Game.agents[1])
    }
    let moved = game.journal.compactMap { $0 as? AssignmentMade }.filter { $0.turn == 1 }
    #expect(moved.count == 3)
    #expect(moved.allSatisfy { $0.nonces.lowerBound == AssignmentMade.noncesEach })
  }

  @Test func onlyConfirmedPlantsAreAssigned() {
    var game = Game(farmers: 4)
    game.refused = [.plant]
    game.request()
    for _ in 0..<100 { game.step() }
    #expect(game.count(AssignmentMade.self) == 0)
  }

  @Test func replayGivesTheSameState() {
    var game = Game(farmers: 5)
    game.play(blocks: 2)
    var replayed = PoolState(settings: PoolSettings())
    for event in game.journal { replayed.apply(event) }
    #expect(replayed.balances == game.state.balances)
    #expect(replayed.farmers.mapValues(\.plantings) == game.state.farmers.mapValues(\.plantings))
    #expect(replayed.pending == game.state.pending)
  }
}
