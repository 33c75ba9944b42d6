import Bytes
package import KaleRules

/// Who is planted, and with what.
extension PoolState {
  /// Why a farmer is not planted although the pooler asked, in words for the farmer; nil: planted.
  package func whyNotPlanted(
    _ planting: Planting, of farmer: Farmer, _ block: BlockIndex, _ view: ChainView
  ) -> String? {
    if let hold = view.plantingHold { return hold }
    if !isLive(planting.pooler, view) { return "no agent of the pooler was connected" }
    if !coversFees(farmer) { return "too little XLM in the wallet for the fees" }
    if let why = whyTooDear(view) { return why }
    return whyNotWorthIt(planting, of: farmer, block, view)
  }

  /// floor(liquid balance × basis points / 10,000), at most the farmer's own cap, and where the
  /// farmer wants it at most what the block's ranges reward. 0 still farms.
  package func stake(of farmer: Farmer, in outlook: Outlook? = nil) -> Stroops {
    guard let chosen = farmer.settings else { return 0 }
    let liquid = max(0, balance(.wallet(farmer.wallet), .kale))
    let (high, low) = liquid.multipliedFullWidth(by: Int64(chosen.stakeBps.rawValue))
    let part = Stroops(Int64(10_000).dividingFullWidth((high, low)).quotient)
    let capped = min(part, chosen.stakeCap ?? part)
    guard chosen.withinMaxStake, let most = outlook?.ranges.stake.upperBound else { return capped }
    return min(capped, Stroops(max(0, most)))
  }

  /// Whether the wallet's spare XLM pays for this plant and work, all open harvests and leaving.
  package func coversFees(_ farmer: Farmer) -> Bool {
    let transactions = Int64(2 + farmer.plantings.count + 4)
    return spareXLM(of: farmer.wallet) >= transactions * settings.feeReserve.rawValue
  }

  // MARK: - Whether it is worth the fees

  /// XLM that a block costs a farmer, in stroops: plant, work and harvest, at what they cost of late.
  package var blockFees: Int64 {
    [TransactionKind.plant, .work, .harvest].reduce(0) {
      $0 + (fees[$1] ?? settings.feeTypical.rawValue)
    }
  }

  /// A block's reward as it is to be expected at planting, in stroops of KALE, the chance that the
  /// work comes too late taken into account; nil: not known.
  package func expectedReward(
    stake: Stroops, pooler: PoolerID, in outlook: Outlook, _ view: ChainView
  ) -> Int64? {
    let ranges = outlook.ranges
    // As many zeros as the pooler found last; at first the middle of what others find.
    let zeros =
      poolers[pooler]?.zerosMean.map { $0 / 1_000 }
      ?? (ranges.zeros.lowerBound + ranges.zeros.upperBound) / 2
    let rest = ranges.part(zeros: zeros) + ranges.part(stake: stake.rawValue)
    let plan = HandOver(
      ranges: ranges, odds: odds(view), rest: rest, lateMax: settings.lateMax)
    let left = view.ledgersLeft(of: outlook.block, settings)
    return outlook.reward(parts: plan.best(gap: 0, left: left).value)
  }

  private func whyNotWorthIt(
    _ planting: Planting, of farmer: Farmer, _ block: BlockIndex, _ view: ChainView
  ) -> String? {
    guard let price = settings.xlmPerKale, farmer.settings?.evenBelowFees != true,
      let agreement = farmer.agreement, let outlook = outlook(for: block, view),
      let reward = expectedReward(
        stake: stake(of: farmer, in: outlook), pooler: planting.pooler, in: outlook, view)
    else { return nil }
    // The farmer pays all the fees and keeps a part of the reward.
    let kept = Int128(reward) * Int128(10_000 - Int64(agreement.shareBps.rawValue)) / 10_000
    let worth = kept * Int128(price.rawValue) / Int128(Stroops.perCoin)
    guard worth < Int128(blockFees) else { return nil }
    return "your part of the reward to be expected is worth less than the fees"
  }
}
