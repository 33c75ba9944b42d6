import Bytes
import KaleRules
import Pool
import Testing

@Suite struct LeavingTests {
  static func leave(_ game: inout Game, _ farmer: FarmerID = 1) {
    game.record([
      ExitRequested(
        exit: game.state.lastExit + 1, farmer: farmer,
        agreement: game.state.farmers[farmer]?.agreement?.id ?? 0,
        block: game.view.farmIndex)
    ])
  }

  @Test func leavingMidBlockWorksItThenSplitsAndClosesTheWallet() throws {
    var game = Game(farmers: 2)
    game.play(blocks: 1)
    Self.leave(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    let split = try #require(game.journal.compactMap { $0 as? SplitPaid }.first)
    #expect(split.rewards == 1_000_001)
    #expect(split.amount == 1_001_000_001)
    #expect(split.poolerNet == 500_000)
    #expect(split.farmerNet == 1_000_500_001)
    #expect(game.state.balance(.wallet(Game.wallet(1)), .kale) == 0)
    #expect(game.state.balance(.wallet(Game.wallet(1)), .xlm) == 0)
    #expect(game.state.farmers[2]?.hasLeft == false)
  }

  @Test func fromTheNextBlockOnNothingIsPlanted() {
    var game = Game(farmers: 1)
    game.request()
    Self.leave(&game)
    for _ in 0..<80 { game.step() }
    #expect(game.count(PlantingResolved.self) { $0.planted } == 0)
    #expect(game.count(SplitPaid.self) == 1)
  }

  @Test func calledOffBeforeSettlementNothingHasHappened() {
    var game = Game(farmers: 1)
    game.play(blocks: 1)
    Self.leave(&game)
    game.record([ExitCalledOff(exit: 1, farmer: 1)])
    game.play(blocks: 1)
    #expect(game.count(SplitPaid.self) == 0)
    #expect(game.count(PlantingResolved.self) { $0.planted } == 2)
  }

  @Test func aPayoutThatCannotReceiveHoldsTheSettlementNotTheHarvests() {
    var game = Game(farmers: 1)
    game.play(blocks: 1)
    game.view.payoutProblems[1] = "no trustline"
    Self.leave(&game)
    for _ in 0..<100 { game.step() }
    #expect(game.count(Harvested.self) == 1)
    #expect(game.count(SplitPaid.self) == 0)
    game.view.payoutProblems[1] = nil
    #expect(game.wait(20) { $0.state.farmers[1]?.hasLeft == true })
  }

  @Test func thePoolersLossComesOffItsShareAndTheRestIsADebt() throws {
    var game = Game(farmers: 1)
    game.play(blocks: 1)
    game.request()
    for _ in 0..<130 { game.ledger() }  // planted, never worked
    #expect(game.count(StakeLost.self) { $0.payer == .pooler } == 1)
    Self.leave(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    let split = try #require(game.journal.compactMap { $0 as? SplitPaid }.first)
    #expect(split.poolerNet == 0)
    #expect(split.debt == split.loss - 500_000)
    #expect(game.state.poolers[Game.pooler]?.debt == split.debt)
  }

  @Test func theTreasurysLossIsPaidBeforeTheSettlement() throws {
    var game = Game(farmers: 1)
    game.refused = [.work]
    game.request()
    for _ in 0..<130 { game.step() }
    Self.leave(&game)
    for _ in 0..<20 { game.step() }
    #expect(game.count(SplitPaid.self) == 0)
    game.record([
      DepositSeen(
        wallet: Game.key(1), asset: .kale, amount: 300_000_000, sender: "G", chainEvent: "t",
        ledger: 1)
    ])
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    let split = try #require(game.journal.compactMap { $0 as? SplitPaid }.first)
    #expect(split.amount == 1_000_000_000)
    #expect(game.state.balance(.wallet(Game.key(1)), .kale) == 100_000_000)
  }

  @Test func whatArrivesAfterSettlementIsSwept() {
    var game = Game(farmers: 1)
    Self.leave(&game)
    #expect(game.wait(10) { $0.count(SplitPaid.self) == 1 })
    game.record([
      DepositSeen(
        wallet: Game.wallet(1), asset: .kale, amount: 5, sender: "G", chainEvent: "late", ledger: 1)
    ])
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    #expect(game.count(Swept.self) { $0.amount == 5 } == 1)
  }

  @Test func whenNobodyOpensTheNextBlockThePoolDoes() {
    var game = Game(farmers: 1)
    game.request()
    while game.view.farmIndex == 10 { game.step() }
    game.somebodyOpens = false
    for _ in 0..<10 { game.step() }
    Self.leave(&game)
    #expect(game.wait(80) { $0.state.farmers[1]?.hasLeft == true })
    #expect(game.count(TransactionIntended.self) { $0.kind == .openBlock } == 1)
    #expect(game.count(Harvested.self) == 1)
  }

  @Test func nobodyWaitsNoBlockIsOpened() {
    var game = Game(farmers: 1)
    game.play(blocks: 1)
    game.somebodyOpens = false
    for _ in 0..<200 { game.step() }
    #expect(game.count(TransactionIntended.self) { $0.kind == .openBlock } == 0)
  }
}

extension LeavingTests {
  @Test func aContractGetsTheSpareXLMAndTheAccountStays() throws {
    var game = Game(farmers: 1)
    game.record([PayoutChanged(farmer: 1, payout: "CPAYOUT", effectiveAt: 0)])
    Self.leave(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    #expect(game.count(PayoutConfirmed.self) { $0.payout == "CPAYOUT" } == 1)
    let closed = try #require(game.journal.compactMap { $0 as? WalletClosed }.first)
    #expect(closed.xlm > 0)
    #expect(game.state.balance(.wallet(Game.wallet(1)), .xlm) > 0)
  }

  @Test func aChangedPayoutCountsAfterItsDelay() throws {
    var game = Game(farmers: 1)
    game.record([
      PayoutChanged(farmer: 1, payout: "GNEW", effectiveAt: game.view.closeTime + 86_400)
    ])
    Self.leave(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    let split = try #require(game.journal.compactMap { $0 as? SplitPaid }.first)
    #expect(split.payout == "GPAYOUT1")
  }
}

/// Going on: to another pooler, to a new address, or back again.
extension LeavingTests {
  /// A second pooler, with an agent and a bond wallet.
  static func addPooler(_ game: inout Game, farmersMax: Int = 100) -> PoolerID {
    game.record([
      WalletMade(wallet: Game.key(3), kind: .bond, owner: 2), WalletReady(wallet: Game.key(3)),
      PoolerRegistered(
        pooler: 2, name: "theirs", payout: "GTHEIRS", bondWallet: Game.key(3), shareBps: 3_000,
        farmersMax: farmersMax),
    ])
    return 2
  }

  @Test func goingOnToAnotherPoolerPaysTheOldOneAlone() throws {
    var game = Game(farmers: 1)
    let next = Self.addPooler(&game)
    game.play(blocks: 1)
    game.record([
      ExitRequested(
        exit: 1, farmer: 1, agreement: 1, block: game.view.farmIndex, nextPooler: next,
        nextShareBps: 3_000)
    ])
    #expect(game.wait { $0.state.farmers[1]?.agreement?.pooler == next })
    let split = try #require(game.journal.compactMap { $0 as? SplitPaid }.first)
    #expect(split.amount == 500_000 && split.poolerNet == 500_000 && split.farmerNet == 0)
    #expect(game.wait(10) { $0.state.farmers[1]?.agreement?.isConfirmed == true })
    let farmer = try #require(game.state.farmers[1])
    #expect(farmer.exit == nil && !farmer.hasLeft && farmer.waiting == nil)
    #expect(farmer.agreement?.rewards == 0 && farmer.agreement?.shareBps == 3_000)
    #expect(game.state.balance(.wallet(Game.wallet(1)), .kale) == 1_000_000_000 + 500_001)
    #expect(game.count(AgreementMade.self) == 2 && game.count(WalletClosed.self) == 0)
  }

  @Test func whereTheNextPoolerIsFullTheFarmerWaits() throws {
    var game = Game(farmers: 2)
    let next = Self.addPooler(&game, farmersMax: 1)
    game.join(2, agreement: 9, pooler: next)
    game.record([
      ExitRequested(
        exit: 1, farmer: 1, agreement: 1, block: game.view.farmIndex, nextPooler: next,
        nextShareBps: 3_000)
    ])
    for _ in 0..<10 { game.step() }
    #expect(game.state.farmers[1]?.waiting?.pooler == next)
    #expect(game.state.farmers[1]?.agreement == nil)
    game.record([ExitRequested(exit: 2, farmer: 2, agreement: 9, block: game.view.farmIndex)])
    #expect(game.wait { $0.state.farmers[1]?.agreement?.pooler == next })
  }

  @Test func settlementWaitsForANewPayoutWhereTheFarmerWishes() throws {
    var game = Game(farmers: 1)
    game.record([
      PayoutChanged(farmer: 1, payout: "GNEW", effectiveAt: game.view.closeTime + 500),
      ExitRequested(
        exit: 1, farmer: 1, agreement: 1, block: game.view.farmIndex, waitsForPayout: true),
    ])
    for _ in 0..<90 { game.step() }
    #expect(game.count(SplitPaid.self) == 0)
    let farmer = try #require(game.state.farmers[1])
    #expect(game.state.holdsSettlement(farmer, game.view)?.contains("does not count yet") == true)
    #expect(game.wait(20) { $0.state.farmers[1]?.hasLeft == true })
    #expect(game.journal.compactMap { ($0 as? SplitPaid)?.payout } == ["GNEW"])
  }

  @Test func whoComesBackFarmsAgainWithANewWallet() throws {
    var game = Game(farmers: 1)
    Self.leave(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    let wallet = Game.key(777)
    game.record([
      WalletMade(wallet: wallet, kind: .farmer, owner: 1),
      FarmerRejoined(farmer: 1, wallet: wallet), WalletReady(wallet: wallet),
      DepositSeen(
        wallet: wallet, asset: .xlm, amount: 100_000_000, sender: "G", chainEvent: "again",
        ledger: 1),
    ])
    game.deposit(500_000_000, to: wallet)
    game.join(1, agreement: 7)
    game.play(blocks: 1)
    #expect(game.count(PlantingResolved.self) { $0.planted && $0.stake == 100_000_000 } == 1)
    Self.leave(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    #expect(game.count(SplitPaid.self) { $0.wallet == wallet } == 1)
    #expect(game.state.balance(.wallet(wallet), .kale) == 0)
  }

  @Test func aContractsWalletWithNothingToSpareIsClosedAsItIs() {
    var game = Game(farmers: 1)
    game.record([PayoutChanged(farmer: 1, payout: "CPAYOUT", effectiveAt: 0)])
    let spend = game.state.balance(.wallet(Game.wallet(1)), .xlm) - 10_600_000
    Self.leave(&game)
    #expect(game.wait { $0.count(SplitPaid.self) == 1 })
    game.record([
      TransactionResolved(
        transaction: Game.key(999), wallet: Game.wallet(1), result: .succeeded, ledger: 1,
        fee: Stroops(spend), detail: "")
    ])
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    #expect(game.count(WalletClosed.self) { $0.xlm == 0 } == 1)
  }

  /// A large claim that the treasury cannot pay keeps nobody else waiting.
  @Test func theTreasuryPaysWhomItCanLeaversFirst() {
    var game = Game(farmers: 3)
    game.refused = [.work]
    game.deposit(9_000_000_000, to: Game.wallet(1))
    game.request()
    for _ in 0..<130 { game.step() }
    game.refused = []
    let claims = (1...3).map { game.state.farmers[$0]?.owedPrincipal ?? 0 }
    #expect(claims == [2_000_000_000, 200_000_000, 200_000_000])
    Self.leave(&game, 3)
    game.deposit(300_000_000, to: Game.key(1))
    for _ in 0..<20 { game.step() }
    let paid = game.journal.compactMap { ($0 as? Compensated)?.farmer }
    #expect(paid == [3])
  }

  // MARK: Without terms on chain

  private static func leaveUnjoined(_ game: inout Game) {
    game.record([ExitRequested(exit: 1, farmer: 1, agreement: nil, block: game.view.farmIndex)])
  }

  @Test func whoNeverJoinedTakesOutWhatWasDeposited() {
    var game = Game(farmers: 0)
    game.register(1)
    Self.leaveUnjoined(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    #expect(game.count(SplitPaid.self) == 0)
    #expect(game.journal.compactMap { $0 as? Swept }.map(\.amount) == [1_000_000_000])
    #expect(game.state.balance(.wallet(Game.wallet(1)), .kale) == 0)
    #expect(game.state.balance(.wallet(Game.wallet(1)), .xlm) == 0)
  }

  @Test func whoNeverJoinedWaitsForAnAddressThatCanReceive() {
    var game = Game(farmers: 0)
    game.register(1)
    game.view.payoutProblems[1] = "no trustline"
    Self.leaveUnjoined(&game)
    for _ in 0..<20 { game.step() }
    #expect(game.count(ExitUnsplit.self) == 0)
    game.view.payoutProblems[1] = nil
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
  }

  @Test func aJoinThatNeverSucceedsHoldsNobody() {
    var game = Game(farmers: 0)
    game.refused = [.join]
    game.register(1)
    game.record([
      AgreementMade(
        agreement: 1, farmer: 1, pooler: Game.pooler, shareBps: 5_000, payout: "GPAYOUT1")
    ])
    for _ in 0..<5 { game.step() }
    game.record([ExitRequested(exit: 1, farmer: 1, agreement: 1, block: game.view.farmIndex)])
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    #expect(game.count(Swept.self) == 1)
  }

  @Test func aWalletWithoutTrustlineIsClosedToo() {
    var game = Game(farmers: 0)
    game.refused = [.trust]
    game.record([
      WalletMade(wallet: Game.wallet(1), kind: .farmer, owner: 1),
      FarmerRegistered(
        farmer: 1, handle: "anna", passwordHash: "", wallet: Game.wallet(1), custodyNotice: "1"),
      PayoutChanged(farmer: 1, payout: "GPAYOUT1", effectiveAt: 0),
      DepositSeen(
        wallet: Game.wallet(1), asset: .xlm, amount: 100_000_000, sender: "G", chainEvent: "x",
        ledger: 1000),
    ])
    game.view.payoutsChecked.insert(1)
    Self.leaveUnjoined(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    #expect(game.state.balance(.wallet(Game.wallet(1)), .xlm) == 0)
  }

  @Test func aBlockThatWasMissedIsNotPlantedForAnotherPooler() {
    var game = Game(farmers: 1)
    let block = game.view.farmIndex.next
    game.request(block: block)
    game.record([
      PlantingResolved(
        farmer: 1, block: block, pooler: Game.pooler, planted: false, stake: 0, ledger: 0,
        transaction: nil, reason: "leaving the pool")
    ])
    #expect(game.state.ready(for: Game.pooler, block: block).isEmpty)
    #expect(game.state.ready(for: Game.pooler, block: block.next) == [1])
  }
}
