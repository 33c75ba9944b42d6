import Bytes
import KaleRules
import Pool
import Testing

/// A pooler's debt: from its bond, then from its later shares.
@Suite struct BondTests {
  static let bond = Game.key(2)

  /// Farmer 1 loses a stake of 220,000,000 less a little through the pooler, whose share is 500,000.
  static func lose(_ game: inout Game) {
    game.play(blocks: 1)
    game.request()
    for _ in 0..<130 { game.ledger() }  // planted, never worked
    #expect(game.wait { $0.count(Harvested.self) >= 1 })
  }

  static func fund(_ game: inout Game, kale: Int64) {
    game.record([
      DepositSeen(
        wallet: bond, asset: .xlm, amount: 30_000_000, sender: "G", chainEvent: "bond", ledger: 1)
    ])
    if kale > 0 { game.deposit(kale, to: bond) }
  }

  static func split(_ game: Game, _ farmer: FarmerID) throws -> SplitPaid {
    try #require(game.journal.compactMap { $0 as? SplitPaid }.first { $0.farmer == farmer })
  }

  @Test func theBondPaysIntoTheWalletBeforeTheSettlement() throws {
    var game = Game(farmers: 1)
    Self.fund(&game, kale: 1_000_000_000)
    Self.lose(&game)
    let loss = try #require(game.state.farmers[1]?.agreement?.loss)
    let before = game.state.balance(.wallet(Game.wallet(1)), .kale)
    LeavingTests.leave(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    let paid = try #require(game.journal.compactMap { $0 as? BondPaid }.first)
    #expect(paid.amount == loss - 500_000 && paid.wallet == Game.wallet(1))
    let split = try Self.split(game, 1)
    #expect(split.debt == 0 && split.poolerNet == 0)
    #expect(split.amount.rawValue == before + paid.amount.rawValue)
    // Deposit and the whole reward but for the pooler's share, which the loss has eaten in part.
    #expect(split.farmerNet.rawValue == 1_000_000_000 + 1_000_001 - 500_000)
    #expect(game.state.poolers[Game.pooler]?.debt == 0)
    #expect(game.state.balance(.wallet(Self.bond), .kale) == 1_000_000_000 - paid.amount.rawValue)
  }

  @Test func whatTheBondLacksIsPaidFromLaterShares() throws {
    var game = Game(farmers: 2)
    Self.fund(&game, kale: 100_000_000)
    game.reward = 400_000_000
    game.request()
    for _ in 0..<130 { game.ledger() }  // both lose 200,000,000
    LeavingTests.leave(&game, 1)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    let first = try Self.split(game, 1)
    #expect(first.amount == 900_000_000 && first.debt == 100_000_000)
    #expect(game.state.poolers[Game.pooler]?.debt == 100_000_000)
    let pooler = try #require(game.state.poolers[Game.pooler])
    #expect(game.state.admission(to: pooler) == .owes)
    // Two blocks of 400,000,000: the pooler's half is 400,000,000, less its own loss.
    game.play(blocks: 2)
    #expect(game.wait { $0.count(Harvested.self) == 2 })
    LeavingTests.leave(&game, 2)
    #expect(game.wait { $0.state.farmers[2]?.hasLeft == true })
    let second = try Self.split(game, 2)
    #expect(second.poolerNet == 200_000_000 && second.held == 100_000_000 && second.debt == 0)
    #expect(game.wait(10) { $0.state.poolers[Game.pooler]?.debt == 0 })
    let paid = try #require(game.journal.compactMap { $0 as? BondPaid }.last)
    #expect(paid.farmer == 1 && paid.wallet == nil && paid.payout == "GPAYOUT1")
    #expect(paid.amount == 100_000_000)
    #expect(game.state.balance(.wallet(Self.bond), .kale) == 0)
  }

  @Test func aClaimWaitsForItsPayoutAndNotForOthers() throws {
    var game = Game(farmers: 2)
    Self.fund(&game, kale: 0)
    game.request()
    for _ in 0..<130 { game.ledger() }
    for farmer in Int64(1)...2 { LeavingTests.leave(&game, farmer) }
    #expect(
      game.wait { $0.state.farmers[1]?.hasLeft == true && $0.state.farmers[2]?.hasLeft == true })
    game.view.payoutProblems[1] = "no trustline"
    game.deposit(400_000_000, to: Self.bond)
    for _ in 0..<10 { game.step() }
    #expect(game.count(BondPaid.self) { $0.farmer == 2 && $0.amount == 200_000_000 } == 1)
    #expect(game.count(BondPaid.self) { $0.farmer == 1 } == 0)
    game.view.payoutProblems[1] = nil
    #expect(game.wait(10) { $0.state.poolers[Game.pooler]?.debt == 0 })
  }

  @Test func aBondGoesBackOnlyWhereNothingIsOwed() {
    var game = Game(farmers: 1)
    Self.fund(&game, kale: 300_000_000)
    game.record([BondReleaseAllowed(pooler: Game.pooler, amount: 1_000_000_000)])
    game.view.poolersWithoutTrustline = [Game.pooler]
    for _ in 0..<5 { game.step() }
    #expect(game.count(BondReleased.self) == 0)
    game.view.poolersWithoutTrustline = []
    for _ in 0..<5 { game.step() }
    #expect(game.count(BondReleased.self) { $0.amount == 300_000_000 } == 1)
    // More than there was may go back when it comes.
    game.deposit(50, to: Self.bond)
    for _ in 0..<5 { game.step() }
    #expect(game.count(BondReleased.self) { $0.amount == 50 } == 1)
  }

  /// A pooler whose wallet cannot receive is paid through its bond wallet, and gets it all later.
  @Test func aShareThatCannotBePaidIsHeldAndGoesBack() throws {
    var game = Game(farmers: 1)
    Self.fund(&game, kale: 0)
    game.play(blocks: 1)
    game.view.poolersWithoutTrustline = [Game.pooler]
    LeavingTests.leave(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    let split = try Self.split(game, 1)
    #expect(split.poolerNet == 500_000 && split.held == 500_000)
    game.view.poolersWithoutTrustline = []
    #expect(game.wait(10) { $0.count(BondReleased.self) { $0.amount == 500_000 } == 1 })
    #expect(game.state.balance(.wallet(Self.bond), .kale) == 0)
  }

  @Test func booksStillSumToZero() {
    var game = Game(farmers: 2)
    Self.fund(&game, kale: 100_000_000)
    Self.lose(&game)
    LeavingTests.leave(&game)
    _ = game.wait { $0.state.farmers[1]?.hasLeft == true }
    for asset in BookAsset.allCases {
      #expect(game.state.balances.values.reduce(0) { $0 + ($1[asset] ?? 0) } == 0)
    }
    #expect(game.state.position == Int64(game.journal.count))
  }
}
