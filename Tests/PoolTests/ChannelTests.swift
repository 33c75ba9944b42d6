import Bytes
import KaleRules
import Pool
import Testing

/// Accounts that lend their sequence numbers, so that several transactions of a farmer run at once.
@Suite struct ChannelTests {
  private static let channels = (Int64(60)..<64).map { Game.key(UInt64($0)) }

  /// A farmer with so many blocks worked and not harvested.
  private static func game(blocks: Int) -> Game {
    var game = Game(farmers: 1, harvestAfter: 20)
    for (number, channel) in channels.enumerated() {
      game.record([
        WalletMade(wallet: channel, kind: .channel, owner: Int64(number)),
        WalletReady(wallet: channel),
      ])
    }
    game.play(blocks: blocks + 1)
    return game
  }

  private static func leave(_ game: inout Game) {
    game.record([ExitRequested(exit: 1, farmer: 1, agreement: 1, block: game.view.farmIndex)])
  }

  @Test func aLeaversHarvestsRunAtOnce() {
    var game = Self.game(blocks: 5)
    let waiting = game.state.farmers[1]?.plantings.values.count { $0.phase.isWorked }
    Self.leave(&game)
    game.ledger()
    let harvests = game.mempool.filter { $0.kind == .harvest }
    #expect(waiting == 5 && harvests.count == 5)
    #expect(Set(harvests.map(\.wallet)) == Set(Self.channels + [Game.wallet(1)]))
    #expect(Set(harvests.compactMap(\.block)).count == 5)
    // The farmer pays for all of them, and by a fee bump for those of channels.
    #expect(harvests.allSatisfy { $0.payer ?? $0.wallet == Game.wallet(1) })
    #expect(harvests.count { $0.payer != nil } == 4)
  }

  @Test func nothingIsHarvestedTwice() {
    var game = Self.game(blocks: 9)
    Self.leave(&game)
    #expect(game.wait { $0.state.farmers[1]?.hasLeft == true })
    let harvested = game.journal.compactMap { ($0 as? Harvested)?.block }
    #expect(harvested.count == Set(harvested).count && harvested.count == 10)
  }

  /// A work whose wallet waits for something else is handed over all the same.
  @Test func aHeldUpWorkGoesByAChannel() {
    var game = Self.game(blocks: 1)
    let block = game.view.farmIndex
    let isDue = game.wait { $0.mempool.contains { $0.kind == .work && $0.block == block } }
    let due = game.mempool.first { $0.kind == .work }
    #expect(isDue && due?.wallet == Game.wallet(1))
    // The same ledger, with the wallet's own lane taken.
    var view = game.view
    view.busy = [Game.wallet(1)]
    let decision = game.state.decide(view)
    let work = decision.submissions.filter { $0.kind == .work }
    #expect(work.count == 1 && work.first?.nonce == due?.nonce)
    #expect(work.first?.payer == Game.wallet(1))
    #expect(work.first.map { Self.channels.contains($0.wallet) } == true)
  }
}

extension Planting.Phase {
  fileprivate var isWorked: Bool { if case .worked = self { true } else { false } }
}
