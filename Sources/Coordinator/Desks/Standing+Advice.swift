import Bridge
import KaleRules
import Pool

extension Standing {
  /// Advice about stake and harvests, in plain sentences.
  var advice: [String] {
    guard !farmer.hasLeft, farmer.exit == nil, let view,
      let advice = state.advice(for: farmer, view)
    else { return [] }
    return [stakeAdvice(advice), harvestAdvice(advice)].compactMap(\.self)
  }

  private func stakeAdvice(_ advice: Advice) -> String? {
    guard let most = advice.stakeMost, most > 0, let bps = advice.stakeBps else { return nil }
    let staked = state.stake(of: farmer)
    if staked > most {
      return "In the next block up to \(amount(most.rawValue)) KALE of a stake count, and you stake"
        + " \(amount(staked.rawValue)): \(FarmerDesk.percent(bps)) of your KALE would be enough."
    }
    guard staked < most, let earned = advice.earnedByOne, earned > 0 else { return nil }
    let enough =
      bps < .whole ? ", which is \(FarmerDesk.percent(bps)) of yours" : ", more than you hold"
    return "Each KALE staked earns you about \(amount(earned)) KALE a block, up to"
      + " \(amount(most.rawValue)) KALE\(enough). A stake comes back with the harvest."
  }

  private func harvestAdvice(_ advice: Advice) -> String? {
    guard let chosen = farmer.settings, chosen.stakeBps > 0,
      chosen.harvestAfterBlocks > advice.harvestAfterBlocks
    else { return nil }
    return
      "Harvesting after \(chosen.harvestAfterBlocks) blocks keeps \(FarmerDesk.percent(advice.lockedBps))"
      + " of your KALE locked and saves no fees, since each block is harvested by itself: after 1"
      + " block more of it works for you."
  }
}
