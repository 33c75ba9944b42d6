package import KaleRules

/// When a block is harvested: by the farmer's setting, and always before its entry expires.
extension PoolState {
  /// What is to be harvested now, begun elsewhere in each ledger: one that fails for ever (its payout
  /// may be more than the token can hold) does not keep the others waiting.
  func harvestsDue(of farmer: Farmer, _ view: ChainView) -> [BlockIndex] {
    let due = farmer.openBlocks.filter { isHarvestDue($0, of: farmer, view) }
    guard due.count > 1 else { return due }
    let first = Int(view.ledger.rawValue) % due.count
    return Array(due[first...] + due[..<first])
  }

  func isHarvestDue(_ block: BlockIndex, of farmer: Farmer, _ view: ChainView) -> Bool {
    guard case .worked = farmer.plantings[block]?.phase, block < view.farmIndex else {
      return false
    }
    let after =
      farmer.exit != nil
      ? 1 : max(1, min(farmer.settings?.harvestAfterBlocks ?? 1, settings.harvestAfterBlocksMax))
    return view.farmIndex.rawValue >= block.rawValue + UInt32(after)
      || isExpiring(block, of: farmer, view)
  }

  /// Whether the block's entry has no more than the margin left to live.
  func isExpiring(_ block: BlockIndex, of farmer: Farmer, _ view: ChainView) -> Bool {
    guard let planting = farmer.plantings[block] else { return false }
    return Int64(view.ledger.rawValue) + settings.harvestMarginLedgers
      >= lastLedger(of: block, planting)
  }

  /// Whether a node that knows so much of the chain may say that the block is gone for good; one that
  /// lags does not know newer blocks yet.
  package func hasExpired(_ block: BlockIndex, of farmer: Farmer, _ view: ChainView?) -> Bool {
    guard let view, let planting = farmer.plantings[block] else { return false }
    return Int64(view.ledger.rawValue) > lastLedger(of: block, planting)
  }

  /// The last ledger in which the block can be harvested. Where it was not seen to open, as if the
  /// plant had been in its last ledger.
  private func lastLedger(of block: BlockIndex, _ planting: Planting) -> Int64 {
    if let known = blocks[block]?.liveUntil, known > 0 { return Int64(known.rawValue) }
    return Int64(planting.plantedIn.rawValue) + settings.entryLedgers - 1
      - settings.blockSeconds / settings.ledgerSeconds
  }
}
