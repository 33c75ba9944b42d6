import Bytes
import KaleRules

extension PoolState {
  /// What the pool does for itself: its own wallets, closing blocks, analytics.
  func decideForPool(_ view: ChainView, into decision: inout Decision) {
    analyse(view, into: &decision)
    suspend(into: &decision)
    promote(view, into: &decision)
    noteReadiness(view, into: &decision)
    if let submission = treasuryNext(view) { decision.submissions.append(submission) }
    if let submission = sponsorWallets(view) { decision.submissions.append(submission) }
    for pooler in poolers.values.sorted(by: { $0.id < $1.id }) {
      if let submission = bondNext(pooler, view) { decision.submissions.append(submission) }
    }
  }

  func isIdle(_ wallet: Bytes32, _ view: ChainView) -> Bool {
    !view.busy.contains(wallet) && (view.deferred[wallet] ?? 0) <= view.ledger
  }

  private func noteReadiness(_ view: ChainView, into decision: inout Decision) {
    // A wallet whose own transaction is under way is ready by that transaction's outcome.
    // A channel or the sponsor needs no trustline.
    let service = view.funded.filter { wallets[$0]?.isService == true }
    for wallet in view.trusting.union(service).sorted()
    where wallets[wallet]?.isReady == false && !view.busy.contains(wallet) {
      decision.events.append(WalletReady(wallet: wallet))
    }
  }

  private func treasuryNext(_ view: ChainView) -> Submission? {
    guard let treasury, let wallet = wallets[treasury], isIdle(treasury, view) else { return nil }
    guard wallet.isReady else {
      return view.funded.contains(treasury) && !view.trusting.contains(treasury)
        ? Submission(wallet: treasury, kind: .trust) : nil
    }
    return openBlock(treasury, view) ?? createBond(treasury, view) ?? compensate(treasury, view)
      ?? createServiceWallets(treasury, view)
  }

  /// A block closes only when somebody plants after it. When a leaver or an expiring harvest waits
  /// and nobody does, the treasury plants nothing, which opens the next.
  private func openBlock(_ treasury: Bytes32, _ view: ChainView) -> Submission? {
    guard !view.farmIsPaused, !view.isDisputed,
      view.closeTime >= view.openedAt + settings.blockSeconds + settings.openAfterSeconds
    else { return nil }
    let waits = farmers.values.contains { farmer in
      guard case .worked = farmer.plantings[view.farmIndex]?.phase else { return false }
      return farmer.exit != nil || isExpiring(view.farmIndex, of: farmer, view)
    }
    guard waits else { return nil }
    return Submission(wallet: treasury, kind: .openBlock, block: view.farmIndex.next)
  }

  private func createBond(_ treasury: Bytes32, _ view: ChainView) -> Submission? {
    let waiting = poolers.values.sorted { $0.id < $1.id }.first { pooler in
      wallets[pooler.bondWallet].map { !$0.isReady && !$0.isFunded } ?? false
        && !view.funded.contains(pooler.bondWallet)
    }
    guard let waiting,
      balance(.wallet(treasury), .xlm)
        >= settings.bondWalletXLM.rawValue + settings.minimumBalance.rawValue
        + settings.feeReserve.rawValue
    else { return nil }
    var submission = Submission(
      wallet: treasury, kind: .createBond, amount: settings.bondWalletXLM)
    submission.target = waiting.bondWallet.description
    return submission
  }

  private func compensate(_ treasury: Bytes32, _ view: ChainView) -> Submission? {
    // Whom it cannot pay yet keeps nobody else waiting; leavers wait for it, so they come first.
    let liquid = balance(.wallet(treasury), .kale)
    let payable = farmers.values.lazy.filter {
      !$0.hasLeft && $0.owed > 0 && $0.owed.rawValue <= liquid
    }
    let next = payable.min { ($0.exit == nil ? 1 : 0, $0.id) < ($1.exit == nil ? 1 : 0, $1.id) }
    return next.map {
      Submission(wallet: treasury, kind: .compensate, farmer: $0.id, amount: $0.owed)
    }
  }

  /// A block's row is written when nothing of it can change any more, which with nobody to plant
  /// for is when it is over.
  private func analyse(_ view: ChainView, into decision: inout Decision) {
    for (key, tally) in tallies.sorted(by: { $0.key < $1.key }) where tally.isResolved {
      guard tally.wanted > 0 || key.block < view.farmIndex else { continue }
      let zeros = tally.results.map(\.zeros).sorted()
      let gaps = tally.results.map(\.gap)
      decision.events.append(
        BlockAnalysed(
          block: key.block, pooler: key.pooler, wanted: tally.wanted, planted: tally.planted,
          missed: tally.missed, worked: zeros.count, lost: tally.lost,
          stakeTotal: tally.stakeTotal, stakeLost: tally.stakeLost, zerosMin: zeros.first ?? 0,
          zerosMedian: zeros.isEmpty ? 0 : zeros[zeros.count / 2], zerosMax: zeros.last ?? 0,
          gapMin: gaps.min() ?? 0, gapMax: gaps.max() ?? 0))
    }
  }
}
