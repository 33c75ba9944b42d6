package import Bridge
import KaleRules
import Pool

/// `kalepool plan`: what would be done in a block, and why.
extension OperatorDesk {
  package func plan(block: UInt32?) async throws -> API.Plan {
    try await engine.read { state, view in
      guard let view else { throw FarmerDesk.notFollowing }
      let wanted = block.map { BlockIndex($0) } ?? view.farmIndex.next
      guard (view.farmIndex...view.farmIndex.next).contains(wanted) else {
        throw BridgeError(
          .notFound,
          "Only the open block \(view.farmIndex) and the next one are planned: older ones are in the"
            + " list of blocks.")
      }
      guard let plan = state.plan(for: wanted, view) else {
        throw BridgeError(
          .unavailable,
          "The ranges of block \(wanted) are not known yet: try again in some seconds.")
      }
      return API.Plan(plan, state, view)
    }
  }
}

extension API.Plan {
  fileprivate init(_ plan: BlockPlan, _ state: PoolState, _ view: ChainView) {
    let (outlook, ranges) = (plan.outlook, plan.outlook.ranges)
    self.init(
      block: outlook.block.rawValue, state: outlook.block == view.farmIndex ? "open" : "next",
      gapMin: Int(ranges.gap.lowerBound), gapMax: Int(ranges.gap.upperBound),
      zerosMin: Int(ranges.zeros.lowerBound), zerosMax: Int(ranges.zeros.upperBound),
      stakeMin: API.Amount(stroops: ranges.stake.lowerBound),
      stakeMax: API.Amount(stroops: ranges.stake.upperBound),
      pot: API.Amount(stroops: outlook.pot),
      parts: outlook.parts.map { Double($0) / Double(PartRanges.whole) },
      ledgersLeft: Int(plan.ledgersLeft), handOverLedgersLeft: Int(plan.handOverLedgersLeft),
      worksPerLedger: Int(plan.worksPerLedger), batches: Int(plan.batches),
      landing: plan.odds.chances.map { Double($0) / Double(LandingOdds.certain) },
      fees: API.Amount(stroops: plan.fees),
      farmers: plan.farmers.map { API.PlannedPart($0, state) },
      reasons: Self.reasons(plan, state, view))
  }

  private static func reasons(
    _ plan: BlockPlan, _ state: PoolState, _ view: ChainView
  ) -> [String] {
    let late = 100 - Int(100 * plan.odds.landing(within: 1) / LandingOdds.certain)
    var reasons = [
      "A ledger of gap is worth a part in \(plan.outlook.ranges.gap.count - 1), up to a gap of"
        + " \(plan.outlook.ranges.gap.upperBound); a zero a part in"
        + " \(plan.outlook.ranges.zeros.count - 1), up to \(plan.outlook.ranges.zeros.upperBound).",
      "\(late) % of transactions land later than the next ledger"
        + (view.landing.isEmpty ? " (assumed: none was measured yet)." : "."),
    ]
    if let fixed = state.settings.handOverLedgers {
      reasons.append(
        "Works are handed over with \(fixed) sure ledgers left: the operator's setting.")
    } else {
      reasons.append(
        "Works are handed over with about \(plan.handOverLedgersLeft) sure ledgers left, a few more for"
          + " a large stake: earlier costs gap, later risks the stake.")
    }
    if plan.batches > 1 {
      reasons.append(
        "\(plan.worksPerLedger) works fit one ledger: \(plan.batches) batches, the last of them at that"
          + " point; all farmers take turns in being last.")
    }
    if plan.outlook.parts == nil {
      reasons.append("How many share the block is not known, so no reward can be foretold.")
    }
    if state.settings.xlmPerKale == nil {
      reasons.append("No price of KALE is set, so nobody is left out because of fees.")
    }
    return reasons
  }
}

extension API.PlannedPart {
  fileprivate init(_ part: BlockPlan.Part, _ state: PoolState) {
    self.init(
      handle: state.farmers[part.farmer]?.handle ?? "",
      pooler: API.PoolerID(rawValue: part.pooler),
      stake: API.Amount(stroops: part.stake.rawValue), zeros: part.zeros,
      handOverLedgersLeft: Int(part.handOverLedgersLeft),
      reward: part.reward.map { API.Amount(stroops: $0) }, whyNot: part.whyNot)
  }
}
