import KaleRules
import Pool
import Testing

/// Harvests that somebody else made for our farmer.
@Suite struct StrangersTests {
  /// Two worked blocks that are over, 11 and 12, with what they pay.
  private struct Played {
    var farmer: Farmer
    var closed: [BlockIndex: FarmBlock]
    var due: [BlockIndex: Stroops]
  }

  private func played() throws -> Played {
    var game = Game(farmers: 1, harvestAfter: 5)
    game.play(blocks: 1)
    game.zeros = 7
    game.play(blocks: 1)
    #expect(game.wait { $0.count(WorkResolved.self) == 2 })
    let farmer = try #require(game.state.farmers[1])
    #expect(farmer.openBlocks == [11, 12])
    var closed = FarmBlock.fresh(at: 0).opened(at: 100_000)
    (closed.minZeros, closed.maxZeros, closed.maxGap, closed.maxStake) = (4, 8, 50, 100_000_000)
    closed.normalizedTotal = 4_000_000_000
    var due: [BlockIndex: Stroops] = [:]
    for (block, planting) in farmer.plantings {
      guard case .worked(let zeros, let gap) = planting.phase else { continue }
      let reward = try KaleReward.reward(
        gap: UInt32(gap), stake: Int128(planting.stake.rawValue), zeros: UInt32(zeros), in: closed,
        index: block)
      due[block] = Stroops(Int64(reward)) + planting.stake
    }
    #expect(Set(due.values).count == 2)
    return Played(farmer: farmer, closed: [11: closed, 12: closed], due: due)
  }

  @Test func aPaymentGoesWithItsBlock() throws {
    let played = try played()
    // Both in one ledger: a contract can harvest many.
    let payments = try [12, 11].map { (block: BlockIndex) in
      HarvestPayment(ledger: 9, amount: try #require(played.due[block]))
    }
    for (block, payment) in zip([12, 11] as [BlockIndex], payments) {
      #expect(
        played.farmer.payment(for: block, among: payments, booked: [], closed: played.closed)
          == payment)
      #expect(
        played.farmer.payment(
          for: block, among: payments, booked: [payment], closed: played.closed) == nil)
    }
  }

  /// A harvest that fails for ever does not keep the others waiting.
  @Test func noHarvestWaitsForAnother() {
    var game = Game(farmers: 1, harvestAfter: 3)
    game.refused = [.harvest]
    game.play(blocks: 3)
    while game.view.farmIndex < 17 { game.step() }
    game.view.busy = []
    var tried: Set<BlockIndex> = []
    for _ in 0..<8 {
      game.view.ledger = game.view.ledger + 1
      for submission in game.state.decide(game.view).submissions where submission.kind == .harvest {
        submission.block.map { _ = tried.insert($0) }
      }
    }
    #expect(tried == [11, 12, 13])
  }

  @Test func anotherBlocksPaymentIsLeftToIt() throws {
    let played = try played()
    let others = HarvestPayment(ledger: 9, amount: try #require(played.due[12]))
    #expect(
      played.farmer.payment(for: 11, among: [others], booked: [], closed: played.closed) == nil)
    // Somebody replaced our work by a better one and then harvested: more than we reckon.
    let more = HarvestPayment(ledger: 8, amount: others.amount + 5)
    #expect(
      played.farmer.payment(for: 11, among: [others, more], booked: [], closed: played.closed)
        == more)
  }
}
