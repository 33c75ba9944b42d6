import Bytes
import KaleRules
import Pool

/// A farmer at a browser: joins, changes settings, pays in, leaves, and comes again.
struct Person {
  /// As the pool numbers it; nil before registering.
  var farmer: FarmerID?
  var wallet = Bytes32.zero
  var payout = ""
  /// Something is wrong with the payout account until then.
  var payoutBrokenUntil: Int64 = 0
  var hasPaidIn = false
}

extension Simulation {
  func act(_ number: Int) {
    later(isCalm ? 5_000...40_000 : 60_000...900_000, .person(number))
    mendPayout(number)
    guard coordinator.isUp, coordinator.run.chain != nil else { return }
    let state = coordinator.run.state
    guard let id = people[number].farmer, let farmer = state.farmers[id],
      farmer.wallet == people[number].wallet
    else {
      if !isCalm { register(number) }
      return
    }
    if farmer.hasLeft { return isCalm ? () : rejoin(number, farmer) }
    guard payIn(number, state, farmer) else { return }
    if isCalm { return calmly(farmer, state) }
    if farmer.agreement == nil { return join(farmer, state) }
    if farmer.exit != nil { return whileLeaving(number, farmer, state) }
    switch dice.int(0...99) {
    case 0...14: changeSettings(farmer)
    case 15...24: deposit(number, farmer)
    case 25...32: leave(farmer, state)
    case 33...38: changePayout(number, farmer, state)
    default: break
    }
  }

  // MARK: - Coming

  private func register(_ number: Int) {
    let id = (coordinator.run.state.farmers.keys.max() ?? 0) + 1
    var person = Person()
    person.farmer = id
    person.wallet = dice.key()
    person.payout = payoutAccount()
    people[number] = person
    record([
      WalletMade(wallet: person.wallet, kind: .farmer, owner: id),
      FarmerRegistered(
        farmer: id, handle: "farmer\(id)", passwordHash: "", wallet: person.wallet,
        custodyNotice: "1"),
      PayoutChanged(farmer: id, payout: person.payout, effectiveAt: 0),
    ])
  }

  /// Back under the same name, with a new wallet.
  private func rejoin(_ number: Int, _ farmer: Farmer) {
    people[number].wallet = dice.key()
    people[number].hasPaidIn = false
    record([
      WalletMade(wallet: people[number].wallet, kind: .farmer, owner: farmer.id),
      FarmerRejoined(farmer: farmer.id, wallet: people[number].wallet),
    ])
  }

  /// An account of the farmer's own; now and then a contract.
  private func payoutAccount() -> String {
    let key = dice.key()
    if dice.chance(0.1) { return "C\(key)" }
    chain.sendXLM(100_000_000, to: key, dice: &dice)
    chain.token.trustlines[.account(key)] = .init(balance: 0)
    chain.accounts[key]?.trustsSince = chain.sequence
    return ChainModel.address(key)
  }

  /// Sends what the wallet needs first. True: it is ready.
  private func payIn(_ number: Int, _ state: PoolState, _ farmer: Farmer) -> Bool {
    let wallet = people[number].wallet
    if chain.accounts[wallet] == nil {
      guard farmer.exit?.settled == nil else { return false }
      chain.sendXLM(
        strikes(.walletShortOfXLM, 0.3) ? dice.int(19_000_000...21_000_000) : 200_000_000,
        to: wallet, dice: &dice)
      return false
    }
    guard state.wallets[wallet]?.isReady == true else { return false }
    if !people[number].hasPaidIn {
      people[number].hasPaidIn = true
      // Who has nothing farms all the same.
      let kale = dice.chance(0.1) ? 0 : dice.int(1...10_000_000_000)
      if kale > 0 { pay(kale, to: wallet) }
    }
    let isLow = chain.xlm(wallet) < (isCalm ? 100_000_000 : 30_000_000)
    // Who is paid out already gets no more than the last fees.
    let isClosing = farmer.exit?.settled != nil
    if isClosing ? chain.available(wallet) < 300_000 : isLow, isCalm || dice.chance(0.1),
      farmer.exit?.trustlineIsGone != true
    {
      chain.sendXLM(200_000_000, to: wallet, dice: &dice)
    }
    return true
  }

  func pay(_ amount: Int64, to wallet: Bytes32) {
    _ = chain.sendKale(amount, to: wallet, dice: &dice)
  }

  private func join(_ farmer: Farmer, _ state: PoolState) {
    if let waiting = farmer.waiting {
      guard dice.chance(0.2) else { return }
      return record([QueueLeft(farmer: farmer.id, pooler: waiting.pooler)])
    }
    guard let view = coordinator.run.chain,
      let pooler = dice.pick(state.poolers.values.sorted { $0.id < $1.id })
    else { return }
    switch state.admission(to: pooler) {
    case .place:
      record(
        [
          settings(of: farmer.id),
          AgreementMade(
            agreement: state.lastAgreement + 1, farmer: farmer.id, pooler: pooler.id,
            shareBps: pooler.shareBps, payout: farmer.payout(at: view.closeTime)),
        ], then: .pump)
    case .waits:
      record(
        [
          settings(of: farmer.id),
          QueueJoined(farmer: farmer.id, pooler: pooler.id, shareBps: pooler.shareBps),
        ], then: .pump)
    case .owes, .suspended: break
    }
  }

  private func settings(of farmer: FarmerID) -> SettingsChanged {
    let most = Int64(coordinator.settings.harvestAfterBlocksMax)
    let bps = dice.pick([0, 1, 1_000, 2_000, 5_000, 10_000]) ?? 0
    return SettingsChanged(
      farmer: farmer, stakeBps: BasisPoints(UInt16(bps)),
      harvestAfterBlocks: Int(dice.chance(0.7) ? dice.int(1...5) : dice.int(1...most)),
      stakeCap: dice.chance(0.2) ? Stroops(dice.int(0...1_000_000_000)) : nil,
      paused: dice.chance(0.1), withinMaxStake: dice.chance(0.2),
      evenBelowFees: dice.chance(0.2))
  }

  // MARK: - Being there

  private func changeSettings(_ farmer: Farmer) {
    if !farmer.plantings.isEmpty { _ = strikes(.settingsChangedMeanwhile, 1) }
    record([settings(of: farmer.id)])
  }

  private func deposit(_ number: Int, _ farmer: Farmer) {
    let isDust = strikes(.dustDeposit, 0.3)
    pay(isDust ? 1 : dice.int(2...2_000_000_000), to: people[number].wallet)
  }

  func changePayout(_ number: Int, _ farmer: Farmer, _ state: PoolState) {
    guard let view = coordinator.run.chain else { return }
    if strikes(.payoutCannotReceive, 0.3) { return breakPayout(number) }
    if farmer.exit != nil { _ = strikes(.payoutChangedMeanwhile, 1) }
    let current = farmer.payout(at: view.closeTime)
    var events: [any PoolEvent] = []
    if current != farmer.payout {
      events = [PayoutChanged(farmer: farmer.id, payout: current, effectiveAt: 0)]
    }
    record(
      events + [
        PayoutChanged(
          farmer: farmer.id, payout: payoutAccount(),
          effectiveAt: view.closeTime + state.settings.payoutDelaySeconds)
      ])
  }

  private func breakPayout(_ number: Int) {
    guard people[number].payout.hasPrefix("G"), let key = ChainModel.key(people[number].payout),
      chain.kale(key) == 0
    else { return }
    people[number].payoutBrokenUntil = now + 1_000 * dice.int(300...4_000)
    chain.token.trustlines[.account(key)] = nil
  }

  private func mendPayout(_ number: Int) {
    guard people[number].payoutBrokenUntil > 0,
      isCalm || people[number].payoutBrokenUntil < now,
      let key = ChainModel.key(people[number].payout)
    else { return }
    people[number].payoutBrokenUntil = 0
    chain.token.trustlines[.account(key)] = .init(balance: 0)
  }
}
