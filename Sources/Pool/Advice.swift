package import KaleRules

/// What the block's arithmetic says to a farmer about its settings.
package struct Advice: Sendable, Hashable {
  /// The greatest stake that counts; nil: not known.
  package var stakeMost: Stroops?
  /// The part of the liquid balance that reaches it, or the whole where it is not enough.
  package var stakeBps: BasisPoints?
  /// What one KALE staked earns the farmer in a block, in stroops, up to the greatest stake.
  package var earnedByOne: Int64?
  /// Part of all its KALE that a farmer with this harvest setting has locked at a time.
  package var lockedBps: BasisPoints
  package var harvestAfterBlocks: Int
}

extension PoolState {
  /// Advice by the next block's ranges; what others do may change them.
  package func advice(for farmer: Farmer, _ view: ChainView) -> Advice? {
    guard let chosen = farmer.settings else { return nil }
    // Blocks are planted until the first of them is harvested: what stays liquid shrinks with each.
    var liquid = Int64(10_000)
    for _ in 0..<max(1, chosen.harvestAfterBlocks) {
      liquid = liquid * (10_000 - Int64(chosen.stakeBps.rawValue)) / 10_000
    }
    var advice = Advice(
      lockedBps: BasisPoints(UInt16(10_000 - liquid)), harvestAfterBlocks: 1)
    guard
      let outlook = outlook(for: view.farmIndex.next, view)
        ?? outlook(for: view.farmIndex, view)
    else { return advice }
    let most = outlook.ranges.stake.upperBound
    advice.stakeMost = Stroops(most)
    let held = max(0, balance(.wallet(farmer.wallet), .kale))
    if held > 0 {
      let bps = min(10_000, (Int128(most) * 10_000 + Int128(held) - 1) / Int128(held))
      advice.stakeBps = BasisPoints(UInt16(bps))
    }
    let width = most - outlook.ranges.stake.lowerBound
    if width > 0, let part = outlook.reward(parts: PartRanges.whole) {
      let kept = 10_000 - Int128(farmer.agreement?.shareBps.rawValue ?? 5_000)
      advice.earnedByOne = Int64(
        clamping: Int128(part) * Int128(Stroops.perCoin) / Int128(width) * kept / 10_000)
    }
    return advice
  }
}
