import Bytes
import KaleRules

/// What to do at a ledger.
///
/// Decisions are level-triggered: they follow from what is, not from what has just happened, so
/// that asking again, or after a restart, gives what is still to be done. Each wallet sends one
/// transaction at a time; a wallet's claims on it, first come first:
///
///     plant → work → leave (settle, sweep, trustline off, merge) → harvest → join → trustline
///
/// and no harvest is begun while a plant or a work is about to be due. Who goes first moves on from
/// block to block (``TurnOrder``).
extension PoolState {
  package func decide(_ view: ChainView) -> Decision {
    var decision = Decision()
    let turns = TurnOrder(self, view)
    for id in turns.farmers {
      guard let farmer = farmers[id], !farmer.hasLeft else { continue }
      endings(of: farmer, view, into: &decision)
      if let submission = next(for: farmer, view, turns) { decision.submissions.append(submission) }
    }
    decideForPool(view, into: &decision)
    decideForChannels(view, turns, into: &decision) { work($0, view, turns)?.nonce }
    return decision
  }

  /// Whether a wallet may begin a transaction now.
  private func isFree(_ wallet: Bytes32, _ view: ChainView) -> Bool {
    !view.busy.contains(wallet) && (view.deferred[wallet] ?? 0) <= view.ledger
  }

  // MARK: - A farmer's next transaction

  private func next(
    for farmer: Farmer, _ view: ChainView, _ turns: TurnOrder
  ) -> Submission? {
    guard isFree(farmer.wallet, view) else { return nil }
    return plant(farmer, view) ?? work(farmer, view, turns) ?? leave(farmer, view)
      ?? harvest(farmer, view) ?? join(farmer, view) ?? trust(farmer, view)
  }

  private func plant(_ farmer: Farmer, _ view: ChainView) -> Submission? {
    let block = view.plantable(settings)
    guard let planting = farmer.plantings[block], planting.phase == .wanted,
      planting.plantAttempts < settings.plantAttemptsMax, farmer.exit == nil,
      !view.farmIsPaused, !view.isDisputed,
      whyNotPlanted(planting, of: farmer, block, view) == nil,
      block != view.farmIndex || view.ledgersLeft(settings) >= settings.plantLedgersMin
    else { return nil }
    return Submission(
      wallet: farmer.wallet, kind: .plant, farmer: farmer.id, block: block,
      amount: stake(of: farmer, in: outlook(for: block, view)))
  }

  func isLive(_ pooler: PoolerID, _ view: ChainView) -> Bool {
    view.liveAgents.contains {
      agents[$0]?.pooler == pooler && agents[$0]?.mayWork == true
        && !view.wedgedAgents.contains($0)
    }
  }

  private func work(_ farmer: Farmer, _ view: ChainView, _ turns: TurnOrder) -> Submission? {
    guard let planting = farmer.plantings[view.farmIndex], planting.phase == .planted,
      let best = planting.best, view.ledger > planting.plantedIn,
      isHandOverDue(planting, view, batch: turns.batch(of: farmer.id)),
      // A channel's may be on its way.
      !view.tasks.contains(ChainTask(farmer: farmer.id, block: view.farmIndex, kind: .work))
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
      farmer.plantings[view.farmIndex]?.phase == .planted && isNearHandOver(view)
    let opensSoon =
      view.ledgersLeft(settings) <= 2 && farmer.plantings[view.farmIndex.next] != nil
    guard !wanted, !worksSoon, !opensSoon else { return nil }
    // What a channel is about does not need this lane.
    let block = harvestsDue(of: farmer, view).first { block in
      !view.tasks.contains(ChainTask(farmer: farmer.id, block: block, kind: .harvest))
    }
    guard let block else { return nil }
    return Submission(wallet: farmer.wallet, kind: .harvest, farmer: farmer.id, block: block)
  }

  private func join(_ farmer: Farmer, _ view: ChainView) -> Submission? {
    guard farmer.exit == nil, let agreement = farmer.agreement, !agreement.isConfirmed,
      wallets[farmer.wallet]?.isReady == true,
      let pooler = poolers[agreement.pooler], wallets[pooler.bondWallet]?.isReady == true,
      // A wallet whose reserves the sponsor bears may have nothing at all.
      spareXLM(of: farmer.wallet) >= settings.feeTypical.rawValue
    else { return nil }
    return Submission(wallet: farmer.wallet, kind: .join, farmer: farmer.id)
  }

  private func trust(_ farmer: Farmer, _ view: ChainView) -> Submission? {
    guard farmer.exit == nil, let wallet = wallets[farmer.wallet], !wallet.isReady,
      view.funded.contains(wallet.key),
      !view.trusting.contains(wallet.key),
      coversFee(farmer)
    else { return nil }
    return Submission(wallet: farmer.wallet, kind: .trust, farmer: farmer.id)
  }
}
