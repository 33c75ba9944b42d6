import Bytes
import KaleRules
import Pool

extension Simulation {
  /// The pool as its operator sets it up; the farmers come by themselves.
  private static let channels = 3

  func setUp() {
    let treasury = dice.key()
    var events: [any PoolEvent] = [WalletMade(wallet: treasury, kind: .treasury, owner: 0)]
    // Some pools have channels and a sponsor, some have not.
    if dice.chance(0.7) {
      for number in 1...Int64(Self.channels) {
        events.append(WalletMade(wallet: dice.key(), kind: .channel, owner: number))
      }
      sponsor = dice.key()
      events.append(WalletMade(wallet: sponsor, kind: .sponsor, owner: 0))
    }
    for pooler in 1...Int64(settings.poolers) {
      let bond = dice.key()
      let payout = dice.key()
      chain.sendXLM(100_000_000, to: payout, dice: &dice)
      chain.token.trustlines[.account(payout)] = .init(balance: 0)
      events += [
        WalletMade(wallet: bond, kind: .bond, owner: pooler),
        PoolerRegistered(
          pooler: pooler, name: "pooler\(pooler)", payout: ChainModel.address(payout),
          bondWallet: bond,
          shareBps: pooler == 1
            ? 5_000 : BasisPoints([0, 10, 2_500, 10_000][Int(dice.int(0...3))]),
          farmersMax: max(1, settings.farmers * 3 / 5)),
      ]
    }
    for number in 0..<settings.agents {
      let agent = AgentModel(key: dice.key(), pooler: Int64(number % settings.poolers) + 1)
      agents.append(agent)
      events += enrolment(of: agent)
    }
    timeline.add(.closeLedger, at: 100)
    // The first start: the operator's commands come with it.
    restart()
    record(events)
    chain.sendXLM(10_000_000_000, to: treasury, dice: &dice)
    for agent in agents.indices { next(1_000...5_000, .connect, agent: agent) }
    people = Array(repeating: Person(), count: settings.farmers)
    for person in people.indices { later(3_000...200_000, .person(person)) }
    self.treasury = treasury
  }

  /// Once a block: the operator and the poolers look after things.
  func operate() {
    guard coordinator.isUp else { return }
    let state = coordinator.run.state
    for pooler in state.poolers.values.sorted(by: { $0.id < $1.id }) {
      if pooler.isSuspended, isCalm || dice.chance(0.3) {
        record([PoolerReinstated(pooler: pooler.id)])
      }
      guard state.wallets[pooler.bondWallet]?.isReady == true else { continue }
      if dice.chance(0.1) { pay(dice.int(1...5_000_000_000), to: pooler.bondWallet) }
      if chain.xlm(pooler.bondWallet) < 50_000_000 {
        chain.sendXLM(100_000_000, to: pooler.bondWallet, dice: &dice)
      }
      let bond = state.balance(.wallet(pooler.bondWallet), .kale)
      if bond > 0, pooler.releasable == 0, dice.chance(0.05) {
        record(
          [BondReleaseAllowed(pooler: pooler.id, amount: Stroops(dice.int(1...bond)))], then: .pump)
      }
    }
  }

  /// With every ledger: the operator keeps the treasury in funds.
  func fundTreasury() {
    guard chain.token.trustlines[.account(treasury)] != nil else { return }
    if chain.kale(treasury) < 50_000_000_000 { pay(500_000_000_000, to: treasury) }
    if chain.xlm(treasury) < 1_000_000_000 {
      chain.sendXLM(1_000_000_000, to: treasury, dice: &dice)
    }
    // Now and then its budget is spent.
    if chain.accounts[sponsor] != nil, chain.available(sponsor) < 1_000_000, dice.chance(0.01) {
      chain.sendXLM(dice.int(1_000_000...200_000_000), to: sponsor, dice: &dice)
    }
  }
}
