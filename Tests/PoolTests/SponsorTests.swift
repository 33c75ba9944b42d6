import Bytes
import KaleRules
import Pool
import Testing

/// The account that pays where wallets cannot, and may make them.
@Suite struct SponsorTests {
  private static let sponsor = Game.key(50)

  /// Farmers as in ``Game``, with a sponsor that has so much XLM.
  private static func game(
    farmers: Int, xlm: Int64, sponsorsWallets: Bool = false
  ) -> Game {
    var settings = PoolSettings()
    settings.sponsorsWallets = sponsorsWallets
    var game = Game(farmers: farmers, settings: settings)
    game.record([
      WalletMade(wallet: sponsor, kind: .sponsor, owner: 0), WalletReady(wallet: sponsor),
      DepositSeen(
        wallet: sponsor, asset: .xlm, amount: Stroops(xlm), sender: "G", chainEvent: "s",
        ledger: 1),
    ])
    return game
  }

  private static func coins(_ count: Int64) -> Int64 { count * Stroops.perCoin }

  // MARK: - The budget

  @Test func whatIsLeftIsForWorksAndHarvestsNotForPlants() {
    // 9 XLM to spend are less than the 10 that are kept for those who are planted.
    var game = Self.game(farmers: 3, xlm: Self.coins(10))
    game.request()
    #expect(game.wait { $0.count(PlantingResolved.self, where: \.planted) == 3 })
    // From now on a call costs more than wallets keep back for it.
    game.view.feeNow = game.state.settings.feeReserve + 1
    // What the third asks for is still open when it ends.
    game.play(blocks: 3)
    #expect(game.count(WorkResolved.self) == 3)
    #expect(game.count(Harvested.self) == 3)
    #expect(game.count(PlantingResolved.self, where: \.planted) == 3)
    let missed = game.journal.compactMap { $0 as? PlantingResolved }.filter { !$0.planted }
    #expect(missed.count == 6)
    #expect(missed.allSatisfy { $0.reason == "the network's fees are too high at present" })
    #expect(game.state.sponsor == Self.sponsor)
  }

  @Test(arguments: [(Int64(11), true), (10, false)])
  func withABudgetPlantingGoesOn(coins: Int64, isPlanted: Bool) {
    var game = Self.game(farmers: 1, xlm: Self.coins(coins))
    game.view.feeNow = game.state.settings.feeReserve + 1
    game.play(blocks: 1)
    #expect(game.count(PlantingResolved.self, where: \.planted) == (isPlanted ? 1 : 0))
  }

  // MARK: - Wallets it makes

  private static func register(_ farmer: FarmerID, _ game: inout Game) {
    game.record([
      WalletMade(wallet: Game.wallet(farmer), kind: .farmer, owner: farmer),
      FarmerRegistered(
        farmer: farmer, handle: "farmer\(farmer)", passwordHash: "", wallet: Game.wallet(farmer),
        custodyNotice: "1"),
    ])
  }

  @Test func itMakesWalletsWithinItsBudget() throws {
    // 15 XLM: one for itself, ten are kept for fees, three bear two wallets.
    var game = Self.game(farmers: 0, xlm: Self.coins(15), sponsorsWallets: true)
    for farmer in Int64(1)...4 { Self.register(farmer, &game) }
    game.ledger()
    let made = try #require(game.mempool.first { $0.wallet == Self.sponsor })
    #expect(made.kind == .createWallets && made.amount == 0)
    let first = [Game.wallet(1), Game.wallet(2)].sorted().map(\.description)
    #expect(made.target == first.joined(separator: ","))
    #expect(game.state.sponsorSpare == Self.coins(14))
    game.ledger()
    for farmer in Int64(1)...4 {
      #expect(game.state.wallets[Game.wallet(farmer)]?.isReady == (farmer <= 2))
    }
    #expect(game.state.sponsorSpare == Self.coins(11) - 40_000)
    #expect(game.state.spareXLM(of: Game.wallet(1)) == 0)
    game.ledger()
    #expect(!game.mempool.contains { $0.wallet == Self.sponsor })
  }

  @Test func itMakesNoneUnlessItIsTold() {
    var game = Self.game(farmers: 0, xlm: Self.coins(100))
    Self.register(1, &game)
    game.ledger()
    #expect(!game.mempool.contains { $0.wallet == Self.sponsor })
  }

  @Test func theReservesComeBackWhenTheWalletIsClosed() {
    var game = Self.game(farmers: 0, xlm: Self.coins(15), sponsorsWallets: true)
    Self.register(1, &game)
    game.ledger()
    game.ledger()
    let before = game.state.sponsorSpare
    game.record([
      WalletClosed(
        exit: 1, farmer: 1, wallet: Game.wallet(1), xlm: 0, payout: "G", transaction: .zero)
    ])
    #expect(game.state.sponsorSpare == before + Self.coins(1) + Stroops.perCoin / 2)
  }

  /// Its reserves are borne, its fees are not: without XLM nothing is put on chain for it.
  @Test func aSponsoredWalletNeedsXLMForFeesOnly() {
    var game = Self.game(farmers: 0, xlm: Self.coins(15), sponsorsWallets: true)
    Self.register(1, &game)
    game.record([PayoutChanged(farmer: 1, payout: "GPAYOUT1", effectiveAt: 0)])
    game.ledger()
    game.ledger()
    game.record([
      AgreementMade(
        agreement: 1, farmer: 1, pooler: Game.pooler, shareBps: 5_000, payout: "GPAYOUT1")
    ])
    game.ledger()
    #expect(game.mempool.isEmpty)
    game.record([
      DepositSeen(
        wallet: Game.wallet(1), asset: .xlm, amount: 4_000_000, sender: "G", chainEvent: "x",
        ledger: 1)
    ])
    game.ledger()
    #expect(game.mempool.map(\.kind) == [.join])
    #expect(game.state.coversFees(game.state.farmers[1]!))  // registered above
  }
}
