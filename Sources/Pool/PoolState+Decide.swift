import Bytes
package import KaleRules

/// What to do at a ledger.
///
/// Decisions are level-triggered: they follow from what is, not from what has just happened, so
/// that asking again, or after a restart, gives what is still to be done. Each wallet sends one
/// transaction at a time; a wallet's claims on it, first come first:
///
///     plant → work → leave (settle, sweep, trustline off, merge) → harvest → join → trustline
///
/// and no harvest is begun while a plant or a work is about to be due.
extension PoolState {
  package func decide(_ view: ChainView) -> Decision {
    var decision = Decision()
    for id in farmers.keys.sorted() {
      guard let farmer = farmers[id], !farmer.hasLeft else { continue }
      endings(of: farmer, view, into: &decision)
      if let submission = next(for: farmer, view) { decision.submissions.append(submission) }
    }
    decideForPool(view, into: &decision)
    return decision
  }

  /// Whether a wallet may begin a transaction now.
  private func isFree(_ wallet: Bytes32, _ view: ChainView) -> Bool {
    !view.busy.contains(wallet) && (view.deferred[wallet] ?? 0) <= view.ledger
  }

  // MARK: - What can no longer happen

  private func endings(of farmer: Farmer, _ view: ChainView, into decision: inout Decision) {
    for block in farmer.openBlocks {
      guard let planting = farmer.plantings[block], !view.busy.contains(farmer.wallet) else {
        continue
      }
      switch planting.phase {
      case .wanted:
        if let reason = whyMissed(planting, of: farmer, block, view) {
          decision.events.append(
            PlantingResolved(
              farmer: farmer.id, block: block, pooler: planting.pooler, planted: false, stake: 0,
              ledger: 0, transaction: nil, reason: reason))
        }
      case .planted:
        if block < view.farmIndex {
          decision.events.append(lost(planting, of: farmer, block, harvestMissed: false))
        }
      case .worked: break
      }
    }
  }

  private func whyMissed(
    _ planting: Planting, of farmer: Farmer, _ block: BlockIndex, _ view: ChainView
  ) -> String? {
    if block < view.plantable(settings) {
      return reasonNotPlanted(planting, of: farmer, block, view) ?? "the block was over"
    }
    if farmer.exit != nil { return "leaving the pool" }
    if planting.plantAttempts >= settings.plantAttemptsMax {
      return "planting failed \(planting.plantAttempts) times"
    }
    if block == view.farmIndex, view.ledgersLeft(settings) < settings.plantLedgersMin {
      return reasonNotPlanted(planting, of: farmer, block, view) ?? "too late in the block"
    }
    return nil
  }

  private func reasonNotPlanted(
    _ planting: Planting, of farmer: Farmer, _ block: BlockIndex, _ view: ChainView
  ) -> String? {
    if !isLive(planting.pooler, view) { return "no agent of the pooler was connected" }
    if !coversFees(farmer) { return "too little XLM in the wallet for the fees" }
    return nil
  }

  /// The event that a stake was lost, with its culprit.
  package func lost(
    _ planting: Planting, of farmer: Farmer, _ block: BlockIndex, harvestMissed: Bool,
    reward: Stroops = 0
  ) -> StakeLost {
    let cutOff = (self.block?.block == block ? self.block?.openedAt : nil)
      .map { $0 + settings.blockSeconds }
    let evidence = LossEvidence(
      nonceInTime: planting.best != nil, walletShortOfXLM: planting.workFailedForXLM,
      coordinatorWasDown: cutOff.map { runningSince >= $0 } ?? false,
      harvestMissed: harvestMissed, assignmentDelivered: planting.wasDelivered)
    let blame = Blame(evidence)
    return StakeLost(
      farmer: farmer.id, block: block, pooler: planting.pooler, stake: planting.stake,
      reward: reward, payer: blame.payer, reason: blame.reason, evidence: evidence.text)
  }

  // MARK: - A farmer's next transaction

  private func next(for farmer: Farmer, _ view: ChainView) -> Submission? {
    guard isFree(farmer.wallet, view) else { return nil }
    return plant(farmer, view) ?? work(farmer, view) ?? leave(farmer, view)
      ?? harvest(farmer, view) ?? join(farmer, view) ?? trust(farmer, view)
  }

  private func plant(_ farmer: Farmer, _ view: ChainView) -> Submission? {
    let block = view.plantable(settings)
    guard let planting = farmer.plantings[block], planting.phase == .wanted,
      planting.plantAttempts < settings.plantAttemptsMax, farmer.exit == nil,
      !view.farmIsPaused, !view.isDisputed, isLive(planting.pooler, view), coversFees(farmer),
      block != view.farmIndex || view.ledgersLeft(settings) >= settings.plantLedgersMin
    else { return nil }
    return Submission(
      wallet: farmer.wallet, kind: .plant, farmer: farmer.id, block: block,
      amount: stake(of: farmer))
  }

  /// floor(liquid balance × basis points / 10,000), at most the farmer's own cap. 0 still farms.
  package func stake(of farmer: Farmer) -> Stroops {
    guard let chosen = farmer.settings else { return 0 }
    let liquid = max(0, balance(.wallet(farmer.wallet), .kale))
    let (high, low) = liquid.multipliedFullWidth(by: Int64(chosen.stakeBps.rawValue))
    let part = Stroops(Int64(10_000).dividingFullWidth((high, low)).quotient)
    return min(part, chosen.stakeCap ?? part)
  }

  /// Whether the wallet's spare XLM pays for this plant and work, all open harvests and leaving.
  package func coversFees(_ farmer: Farmer) -> Bool {
    let transactions = Int64(2 + farmer.plantings.count + 4)
    return balance(.wallet(farmer.wallet), .xlm)
      >= settings.minimumBalance.rawValue + transactions * settings.feeReserve.rawValue
  }

  private func isLive(_ pooler: PoolerID, _ view: ChainView) -> Bool {
    view.liveAgents.contains {
      agents[$0]?.pooler == pooler && agents[$0]?.isRevoked == false
        && !view.wedgedAgents.contains($0)
    }
  }

  private func work(_ farmer: Farmer, _ view: ChainView) -> Submission? {
    guard let planting = farmer.plantings[view.farmIndex], planting.phase == .planted,
      let best = planting.best, view.ledger > planting.plantedIn,
      view.ledgersLeft(settings) <= settings.handOverLedgers
    else { return nil }
    var submission = Submission(
      wallet: farmer.wallet, kind: .work, farmer: farmer.id, block: view.farmIndex)
    submission.nonce = best
    return submission
  }

  private func harvest(_ farmer: Farmer, _ view: ChainView) -> Submission? {
    // A plant or work is due soon: the lane stays free for it.
    let wanted = farmer.plantings.contains { block, planting in
      planting.phase == .wanted
        && (block == view.plantable(settings) && isLive(planting.pooler, view))
    }
    let worksSoon =
      farmer.plantings[view.farmIndex]?.phase == .planted
      && view.ledgersLeft(settings) <= settings.handOverLedgers + 3
    let opensSoon =
      view.ledgersLeft(settings) <= 2 && farmer.plantings[view.farmIndex.next] != nil
    guard !wanted, !worksSoon, !opensSoon else { return nil }
    let after = UInt32(
      farmer.exit != nil
        ? 1
        : max(1, min(farmer.settings?.harvestAfterBlocks ?? 1, settings.harvestAfterBlocksMax)))
    for block in farmer.openBlocks {
      guard case .worked = farmer.plantings[block]?.phase,
        view.farmIndex.rawValue >= block.rawValue + after
      else { continue }
      return Submission(
        wallet: farmer.wallet, kind: .harvest, farmer: farmer.id, block: block)
    }
    return nil
  }

  private func join(_ farmer: Farmer, _ view: ChainView) -> Submission? {
    guard let agreement = farmer.agreement, !agreement.isConfirmed,
      wallets[farmer.wallet]?.isReady == true,
      let pooler = poolers[agreement.pooler], wallets[pooler.bondWallet]?.isReady == true
    else { return nil }
    return Submission(wallet: farmer.wallet, kind: .join, farmer: farmer.id)
  }

  private func trust(_ farmer: Farmer, _ view: ChainView) -> Submission? {
    guard let wallet = wallets[farmer.wallet], !wallet.isReady, view.funded.contains(wallet.key),
      !view.trusting.contains(wallet.key),
      balance(.wallet(wallet.key), .xlm)
        >= settings.minimumBalance.rawValue + settings.feeReserve.rawValue
    else { return nil }
    return Submission(wallet: farmer.wallet, kind: .trust, farmer: farmer.id)
  }
}
