package import KaleRules

/// What would be done in a block and why: the pool's own reckoning, laid open.
package struct BlockPlan: Sendable, Hashable {
  package var outlook: Outlook
  package var odds: LandingOdds
  /// Sure ledgers left in the block: all of them for the next one.
  package var ledgersLeft: Int64
  /// Those left when works are handed over, batches apart.
  package var handOverLedgersLeft: Int64
  /// Works that one ledger takes, and so how many batches there are.
  package var worksPerLedger: Int64
  package var batches: Int64
  /// XLM that the block costs a farmer, in stroops.
  package var fees: Int64
  package var farmers: [Part]

  /// One farmer's part.
  package struct Part: Sendable, Hashable {
    package var farmer: FarmerID
    package var pooler: PoolerID
    /// Why there is none; nil: there is.
    package var whyNot: String?
    package var stake: Stroops
    /// As found so far, or as the pooler found of late; nil: not known.
    package var zeros: Int?
    /// Sure ledgers left when this farmer's work is handed over.
    package var handOverLedgersLeft: Int64
    /// Stroops of KALE, before the pooler's share; nil: nobody knows how many share.
    package var reward: Int64?
  }
}

extension PoolState {
  /// The plan of the open block or the next one; nil for any other, and where its ranges are not
  /// known.
  package func plan(for block: BlockIndex, _ view: ChainView) -> BlockPlan? {
    guard block == view.farmIndex || block == view.farmIndex.next,
      let outlook = outlook(for: block, view)
    else { return nil }
    let left = view.ledgersLeft(of: block, settings)
    let capacity = max(1, view.farmWritesMax ?? settings.farmWritesPerLedger)
    let parts = farmers.values.filter { $0.agreement != nil && !$0.hasLeft }
      .sorted { $0.id < $1.id }.map { part(of: $0, in: outlook, left: left, view) }
    let playing = Int64(parts.count { $0.whyNot == nil })
    let plan = handOver(stake: 0, zeros: 0, in: outlook, view)
    return BlockPlan(
      outlook: outlook, odds: plan.odds, ledgersLeft: left,
      handOverLedgersLeft: handOverLeft(plan, gap: gap(in: block, view), left: left),
      worksPerLedger: capacity, batches: max(1, (playing + capacity - 1) / capacity),
      fees: blockFees, farmers: parts)
  }

  /// Ledgers since the block opened, as far as ledger time tells.
  private func gap(in block: BlockIndex, _ view: ChainView) -> Int64 {
    settings.blockSeconds / settings.ledgerSeconds - view.ledgersLeft(of: block, settings)
  }

  private func handOverLeft(_ plan: HandOver, gap: Int64, left: Int64) -> Int64 {
    settings.handOverLedgers ?? left - plan.best(gap: gap, left: left).wait
  }

  private func part(
    of farmer: Farmer, in outlook: Outlook, left: Int64, _ view: ChainView
  ) -> BlockPlan.Part {
    let pooler = farmer.agreement?.pooler ?? 0
    let planting = farmer.plantings[outlook.block]
    let isPlanted = planting.map { $0.phase != .wanted } ?? false
    let stake = isPlanted ? planting?.stake ?? 0 : stake(of: farmer, in: outlook)
    var zeros = planting?.best?.zeros ?? poolers[pooler]?.zerosMean.map { Int($0 / 1_000) }
    if case .worked(let found, _) = planting?.phase { zeros = found }
    let gap =
      isPlanted
      ? Int64(view.ledger.rawValue) - Int64(planting?.plantedIn.rawValue ?? 0)
      : gap(in: outlook.block, view)
    let plan = handOver(stake: stake, zeros: zeros ?? 0, in: outlook, view)
    var rewarded = plan
    rewarded.rest -= outlook.inParts(stake)
    return BlockPlan.Part(
      farmer: farmer.id, pooler: pooler,
      whyNot: isPlanted ? nil : whyNotInPlan(farmer, planting, outlook.block, view),
      stake: stake, zeros: zeros, handOverLedgersLeft: handOverLeft(plan, gap: gap, left: left),
      reward: outlook.reward(
        parts: rewarded.value(
          gap: gap + plan.best(gap: gap, left: left).wait,
          left: left - plan.best(gap: gap, left: left).wait)))
  }

  private func whyNotInPlan(
    _ farmer: Farmer, _ planting: Planting?, _ block: BlockIndex, _ view: ChainView
  ) -> String? {
    guard let agreement = farmer.agreement else { return "in no pool" }
    if farmer.exit != nil { return "leaving the pool" }
    if farmer.settings?.paused != false { return "paused by the farmer" }
    if wallets[farmer.wallet]?.isReady != true { return "the wallet is not ready" }
    if !agreement.isConfirmed { return "the terms are not on chain yet" }
    if poolers[agreement.pooler]?.isSuspended == true { return "the pooler is suspended" }
    if planting == nil, requests.contains(PoolerBlock(block: block, pooler: agreement.pooler)) {
      return "planting was tried and missed"
    }
    return whyNotPlanted(
      planting ?? Planting(pooler: agreement.pooler), of: farmer, block, view)
  }
}
