import Bytes
import KaleRules
import Pool
import Testing

@Suite struct BooksTests {
  @Test func booksSumToZeroAfterEverything() {
    var game = Game(farmers: 7)
    game.play(blocks: 2)
    for asset in BookAsset.allCases {
      #expect(game.state.balances.values.reduce(0) { $0 + ($1[asset] ?? 0) } == 0)
    }
  }

  @Test func accountsHaveOneText() {
    let accounts: [BookAccount] = [.wallet(Game.key(5)), .staked(7), .farm, .fees, .outside]
    for account in accounts { #expect(BookAccount(text: account.text) == account) }
    #expect(BookAccount(text: "wallet:12") == nil)
    #expect(BookAccount(text: "elsewhere") == nil)
  }

  @Test func aWalletHoldsWhatWentInAndWasEarned() {
    var game = Game(farmers: 1)
    game.play(blocks: 2)
    #expect(game.wait { $0.count(Harvested.self) == 2 })
    #expect(game.state.balance(.wallet(Game.wallet(1)), .kale) == 1_000_000_000 + 2 * 1_000_001)
    #expect(game.state.balance(.staked(1), .kale) == 0)
  }
}
