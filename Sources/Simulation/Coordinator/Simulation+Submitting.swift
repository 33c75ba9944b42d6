import Bytes
import KaleRules
import Pool

/// From a decision to a stored intent. Source: `Sender`, `Drafts`, `Submitter`.
extension Simulation {
  private static let retryLedgers: UInt32 = 2
  private static let urgentSeconds: Int64 = 30
  private static let usualSeconds: Int64 = 60
  private static let feeMax: Int64 = 5_000_000

  func prepare(_ submission: Submission) {
    guard !dies(.crashBeforeIntent) else { return }
    guard let call = draft(submission), let tick = coordinator.tick,
      !strikes(.simulationFailed, 0.005)
    else { return postpone(submission) }
    let wallet = submission.wallet
    let node = chain.snapshot(lag: nodeLag(someNode()))
    guard
      let used = coordinator.sequences[wallet] ?? chain.sequence(of: wallet, at: node.ledger)
    else { return postpone(submission) }
    let farmer = submission.payer ?? wallet
    let fee = call.isContract ? dice.int(20_000...60_000) * chain.feeFactor : 100
    guard fee <= Self.feeMax else { return postpone(submission) }
    var footprint: BlockIndex?
    do throws(ChainFailure) {
      footprint = try simulate(call, by: farmer, at: node)
    } catch {
      if let events = settled(submission, error, node) {
        return record(events, then: .finished(submission, events))
      }
      return postpone(submission)
    }
    // It would be in another block than the one meant.
    if call.touchesBlock, footprint != submission.block { return postpone(submission) }
    let isUrgent = [.plant, .work, .openBlock].contains(submission.kind)
    let transaction = ChainTransaction(
      hash: dice.key(), source: wallet, farmer: farmer,
      payer: payer(of: submission, fee: fee), sequence: used + 1,
      maxTime: tick.closeTime + (isUrgent ? Self.urgentSeconds : Self.usualSeconds), fee: fee,
      call: call, footprint: call.touchesBlock ? footprint : nil)
    coordinator.lanes[wallet] = Lane(
      submission: submission, hash: transaction.hash, sequence: transaction.sequence,
      maxTime: transaction.maxTime, transaction: transaction, isSendDue: true)
    record(
      [
        TransactionIntended(
          submission, transaction: transaction.hash, sequence: transaction.sequence,
          maxTime: transaction.maxTime, madeAfter: tick.ledger, envelope: [])
      ], then: .intended(wallet))
  }

  /// The wallet itself, or the sponsor where it cannot pay and the sponsor may.
  private func payer(of submission: Submission, fee: Int64) -> Bytes32 {
    let wallet = submission.payer ?? submission.wallet
    guard [.work, .harvest, .settle].contains(submission.kind), chain.available(wallet) < fee,
      let sponsor = coordinator.run.state.sponsor, chain.available(sponsor) >= fee
    else { return wallet }
    auditor.count(.sponsored)
    return sponsor
  }

  private func postpone(_ submission: Submission) {
    coordinator.run.postponed(submission, ledgers: Self.retryLedgers)
  }

  private func draft(_ submission: Submission) -> ChainCall? {
    let state = coordinator.run.state
    let farmer = submission.farmer.flatMap { state.farmers[$0] }
    switch submission.kind {
    case .plant, .openBlock: return .plant(submission.amount.rawValue)
    case .work: return submission.nonce.map { .work(hash: $0.hash, nonce: $0.value) }
    case .harvest: return submission.block.map { .harvest($0) }
    case .trust: return .trust
    case .untrust: return .untrust
    case .createWallets, .createBond:
      let wallets = (submission.target ?? "").split(separator: ",").compactMap {
        Bytes32(hex: String($0))
      }
      return .createAccounts(wallets, submission.amount.rawValue)
    case .compensate: return farmer.map { .pay(to: $0.wallet, submission.amount.rawValue) }
    case .payFromBond where submission.target == nil:
      return farmer.map { .pay(to: $0.wallet, submission.amount.rawValue) }
    case .sweep, .payFromBond, .releaseBond:
      return submission.target.map { .transfer(to: $0, submission.amount.rawValue) }
    case .merge:
      return submission.target.map { .merge(into: $0, spare: submission.amount.rawValue) }
    case .setPayout: return submission.target.map { .setPayout($0) }
    case .join:
      guard let agreement = farmer?.agreement, let pooler = state.poolers[agreement.pooler] else {
        return nil
      }
      return .join(
        ChainCall.Terms(
          pooler: pooler.payout, bond: pooler.bondWallet,
          shareBps: UInt32(agreement.shareBps.rawValue), payout: agreement.payout))
    case .settle:
      guard let agreement = farmer?.agreement, let exit = submission.exit else { return nil }
      return .settle(
        ChainCall.Settlement(
          exit: exit, amount: submission.amount.rawValue, rewards: agreement.rewards.rawValue,
          loss: agreement.loss.rawValue, held: submission.held.rawValue))
    }
  }

  /// Tries a call on a node's last ledger; gives the block whose keys it would touch.
  private func simulate(
    _ call: ChainCall, by wallet: Bytes32, at node: ChainModel.Snapshot
  ) throws(ChainFailure) -> BlockIndex? {
    var dry = DryFarm(chain, at: node)
    let farmer = FarmAddress.account(wallet)
    do throws(FarmFailure) {
      switch call {
      case .plant(let amount):
        try chain.contract.plant(farmer: farmer, amount: Int128(amount), on: &dry)
      case .work(let hash, let nonce):
        _ = try chain.contract.work(farmer: farmer, hash: hash, nonce: nonce, on: &dry)
      case .harvest(let index):
        _ = try chain.contract.harvest(farmer: farmer, index: index, on: &dry)
      default: break
      }
    } catch {
      // A node that lags does not know of a stranger's harvest yet: to it the call succeeds.
      guard error == .kale(.pailMissing), case .harvest(let index) = call,
        chain.transfers.contains(where: {
          $0.isMint && $0.to == wallet && $0.block == index && $0.ledger > node.ledger
        })
      else { throw .farm(error) }
    }
    if case .settle(let settlement) = call, chain.terms[wallet] == nil,
      chain.exits[wallet]?[settlement.exit] == nil
    {
      throw .notJoined
    }
    return dry.touched
  }

  /// What the chain's refusal says has been done already, or can never be done; nil: neither.
  private func settled(
    _ submission: Submission, _ failure: ChainFailure, _ node: ChainModel.Snapshot
  ) -> [any PoolEvent]? {
    let state = coordinator.run.state
    guard case .farm(.kale(let error)) = failure, let id = submission.farmer,
      let block = submission.block, let farmer = state.farmers[id],
      let planting = farmer.plantings[block]
    else { return nil }
    let pail = chain.pail(farmer.wallet, block)
    switch (submission.kind, error) {
    case (.plant, .pailExists):
      guard let pail else { return nil }
      return [
        PlantingResolved(
          farmer: id, block: block, pooler: planting.pooler, planted: true,
          stake: Stroops(Int64(pail.stake)), ledger: pail.sequence, transaction: nil, reason: nil)
      ]
    case (.work, .zeroCountTooLow):
      guard let pail, let gap = pail.gap, let zeros = pail.zeros, let nonce = submission.nonce
      else { return nil }
      return [
        WorkResolved(
          farmer: id, block: block, nonce: nonce.value, hash: nonce.hash, zeros: Int(zeros),
          gap: Int64(gap), ledger: pail.sequence + gap, transaction: nil)
      ]
    case (.harvest, .pailMissing):
      return strangersHarvest(of: farmer, planting, block, node).map { [$0] }
    case (.harvest, .blockMissing):
      guard state.hasExpired(block, of: farmer, coordinator.run.chain) else { return nil }
      return [state.lost(planting, of: farmer, block, harvestMissed: true)]
    default: return nil
    }
  }

  /// The mint into the wallet that is this block's and that no harvest of ours made. Source:
  /// `StrangersHarvest`.
  private func strangersHarvest(
    of farmer: Farmer, _ planting: Planting, _ block: BlockIndex, _ node: ChainModel.Snapshot
  ) -> Harvested? {
    let blocks = farmer.openBlocks.filter { $0 < coordinator.tick.map(\.instance.index) ?? 0 }
    guard let since = farmer.openBlocks.first.flatMap({ farmer.plantings[$0]?.plantedIn }) else {
      return nil
    }
    let mints = chain.transfers.filter { transfer in
      transfer.isMint && transfer.to == farmer.wallet && transfer.ledger >= since
        && transfer.ledger <= node.ledger
    }
    var closed: [BlockIndex: FarmBlock] = [:]
    for block in blocks { closed[block] = chain.block(block) }
    // A node that lags does not show all mints yet, and another block's would be taken.
    guard node.ledger >= coordinator.tick?.ledger ?? 0,
      let payment = farmer.payment(
        for: block, among: mints.map(\.payment), booked: auditor.harvestPayments[farmer.id] ?? [],
        closed: closed),
      let mint = mints.first(where: { $0.payment == payment })
    else { return nil }
    return Harvested(
      farmer: farmer.id, block: block, reward: payment.amount - planting.stake,
      stake: planting.stake, ledger: payment.ledger, transaction: mint.transaction)
  }
}

extension ChainTransfer {
  fileprivate var payment: HarvestPayment {
    HarvestPayment(ledger: ledger, amount: Stroops(amount))
  }
}
