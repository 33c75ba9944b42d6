import Bytes
import KaleRules
import Pool
import Testing

/// Each row of the attribution table, and the losses that lead to them.
@Suite struct BlameTests {
  static func evidence(
    nonce: Bool = false, noXLM: Bool = false, down: Bool = false, missed: Bool = false,
    delivered: Bool = false
  ) -> LossEvidence {
    LossEvidence(
      nonceInTime: nonce, walletShortOfXLM: noXLM, coordinatorWasDown: down, harvestMissed: missed,
      assignmentDelivered: delivered)
  }

  @Test(arguments: [
    (evidence(nonce: true, noXLM: true, delivered: true), Payer.farmer),
    (evidence(nonce: true, delivered: true), .treasury),
    (evidence(nonce: true, down: true, delivered: true), .treasury),
    (evidence(down: true, delivered: true), .treasury),
    (evidence(down: true), .treasury),
    (evidence(delivered: true), .pooler),
    (evidence(), .pooler),
    (evidence(nonce: true, missed: true, delivered: true), .treasury),
  ])
  func payer(of evidence: LossEvidence, is payer: Payer) {
    #expect(Blame(evidence).payer == payer)
  }

  @Test func aSilentPoolerPaysForTheStake() throws {
    var game = Game(farmers: 2)
    game.request()
    for _ in 0..<130 { game.ledger() }  // nobody hashes
    let losses = game.journal.compactMap { $0 as? StakeLost }
    #expect(losses.count == 2)
    #expect(losses.allSatisfy { $0.payer == .pooler && $0.stake == 200_000_000 })
    #expect(game.state.farmers[1]?.agreement?.loss == 200_000_000)
    #expect(game.state.balance(.staked(1), .kale) == 0)
  }

  @Test func aNonceThatWasNotBroughtOnChainIsTheTreasurys() {
    var game = Game(farmers: 1)
    game.refused = [.work]
    game.request()
    for _ in 0..<130 { game.step() }
    #expect(game.count(StakeLost.self) { $0.payer == .treasury } == 1)
    #expect(game.state.farmers[1]?.owedPrincipal == 200_000_000)
  }
}
