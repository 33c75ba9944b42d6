import Bytes
import KaleRules
import Pool
import Testing

@Suite struct WalletTests {
  /// A farmer whose wallet has XLM and no trustline yet.
  static func unready() -> Game {
    var game = Game(farmers: 0)
    let wallet = Game.wallet(1)
    game.record([
      WalletMade(wallet: wallet, kind: .farmer, owner: 1),
      FarmerRegistered(
        farmer: 1, handle: "anna", passwordHash: "", wallet: wallet, custodyNotice: "1"),
      DepositSeen(
        wallet: wallet, asset: .xlm, amount: 100_000_000, sender: "G", chainEvent: "x", ledger: 1),
    ])
    game.view.funded.insert(wallet)
    return game
  }

  @Test func aFundedWalletGetsItsTrustline() {
    let game = Self.unready()
    #expect(
      game.state.decide(game.view).submissions
        == [Submission(wallet: Game.wallet(1), kind: .trust, farmer: 1)])
  }

  @Test func aTrustlineSeenBeforeItsOutcomeIsNotedOnce() {
    var game = Self.unready()
    let wallet = Game.wallet(1)
    game.view.trusting.insert(wallet)
    game.view.busy.insert(wallet)
    #expect(game.state.decide(game.view).events.isEmpty)

    game.view.busy = []
    let noted = game.state.decide(game.view).events.compactMap { $0 as? WalletReady }
    #expect(noted == [WalletReady(wallet: wallet)])
    game.record(noted)
    let submission = Submission(wallet: wallet, kind: .trust, farmer: 1)
    let result = ChainResult(transaction: .zero, ledger: 1, fee: 100)
    #expect(game.state.consequences(of: submission, result).allSatisfy { !($0 is WalletReady) })
  }
}
