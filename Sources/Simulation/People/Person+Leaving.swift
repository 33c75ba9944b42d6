import Bytes
import KaleRules
import Pool

/// Leaving, as `FarmerDesk` lets a farmer do it.
extension Simulation {
  func leave(_ farmer: Farmer, _ state: PoolState) {
    guard let agreement = farmer.agreement, agreement.isConfirmed, farmer.exit == nil,
      let view = coordinator.run.view
    else { return }
    var request = ExitRequested(
      exit: state.lastExit + 1, farmer: farmer.id, agreement: agreement.id, block: view.farmIndex)
    let others = state.poolers.values.filter { $0.id != agreement.pooler }.sorted { $0.id < $1.id }
    if !isCalm, dice.chance(0.3), let next = dice.pick(others) {
      (request.nextPooler, request.nextShareBps) = (next.id, next.shareBps)
    } else if !isCalm, dice.chance(0.2) {
      request.waitsForPayout = true
    }
    record([request], then: .pump)
  }

  func whileLeaving(_ number: Int, _ farmer: Farmer, _ state: PoolState) {
    switch dice.int(0...9) {
    case 0...1: callOff(farmer, state)
    case 2...3:
      // Asked again, from another window: nothing is recorded.
      if strikes(.exitAskedTwice, 1) { leave(farmer, state) }
    case 4...5:
      if strikes(.depositWhileLeaving, 0.5) {
        pay(dice.int(1...100_000_000), to: people[number].wallet)
      }
    case 6: if farmer.exit?.settled == nil { changePayout(number, farmer, state) }
    default: break
    }
  }

  private func callOff(_ farmer: Farmer, _ state: PoolState) {
    guard let exit = farmer.exit, exit.settled == nil, let view = coordinator.run.view,
      !(farmer.plantings.isEmpty && view.busy.contains(farmer.wallet)),
      !state.pending.values.contains(where: { $0.kind == .settle && $0.farmer == farmer.id })
    else { return }
    record([ExitCalledOff(exit: exit.id, farmer: farmer.id)])
  }

  func calmly(_ farmer: Farmer, _ state: PoolState) { leave(farmer, state) }

  // MARK: - The end

  /// Blocks after the last one with faults in which everybody must have left.
  private static let blocksToEnd = 16

  /// Fair weather from here on: everything that is open has to come to its end.
  func calmDown() {
    isCalm = true
    weather.until = [:]
    chain.mempool = chain.mempool.mapValues { transaction in
      var transaction = transaction
      transaction.notBefore = 0
      return transaction
    }
    for agent in agents.indices {
      agents[agent].wedgedUntil = 0
      agents[agent].slowUntil = 0
    }
    for wallet in coordinator.durable.wallets.values where wallet.kind == .treasury {
      pay(1_000_000_000_000, to: wallet.key)
      chain.sendXLM(1_000_000_000, to: wallet.key, dice: &dice)
    }
    for pooler in coordinator.durable.poolers.values.sorted(by: { $0.id < $1.id }) {
      pay(2_000_000_000_000, to: pooler.bondWallet)
    }
    for person in people.indices { later(1_000...30_000, .person(person)) }
  }

  /// With every ledger of the calm: whether all is done.
  func endIfDone() {
    guard isCalm else { return }
    let state = coordinator.durable
    let waiting = state.farmers.values.filter { $0.agreement != nil && !$0.hasLeft }
    let isDone =
      coordinator.isUp && waiting.isEmpty && state.pending.isEmpty
      && state.poolers.values.allSatisfy { $0.claims.isEmpty }
      && coordinator.journal.waiting.isEmpty && !coordinator.journal.isWriting
      && auditor.isBooked
    if isDone {
      isEnded = true
      auditor.finish(coordinator, chain)
    } else if Int(chain.farmIndex.rawValue) > settings.blocks + Self.blocksToEnd {
      isEnded = true
      let who = waiting.map { "\($0.id)" }.sorted().prefix(5).joined(separator: ", ")
      violation(
        "end",
        "\(Self.blocksToEnd) blocks of fair weather do not end it: \(waiting.count) still there"
          + " (\(who)), \(state.pending.count) pending, \(auditor.unbookedText), up"
          + " \(coordinator.isUp), follows \(coordinator.run.chain?.ledger ?? 0)"
          + " \(coordinator.isFollowing), writes \(coordinator.journal.isWriting)")
    }
  }
}
