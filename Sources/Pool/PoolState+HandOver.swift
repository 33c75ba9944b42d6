package import KaleRules

/// When work is handed over (``HandOver`` has the rule).
extension PoolState {
  /// Ledgers before the hand-over in which a wallet's lane is kept free for it.
  private static let nearLedgers: Int64 = 3

  package func odds(_ view: ChainView) -> LandingOdds { LandingOdds(measured: view.landing) }

  /// The rule for one farmer's block.
  package func handOver(
    stake: Stroops, zeros: Int, in outlook: Outlook, _ view: ChainView
  ) -> HandOver {
    let ranges = outlook.ranges
    return HandOver(
      ranges: ranges, odds: odds(view),
      rest: ranges.part(zeros: Int64(zeros)) + ranges.part(stake: stake.rawValue)
        + outlook.inParts(stake),
      lateMax: settings.lateMax)
  }

  func isHandOverDue(_ planting: Planting, _ view: ChainView, batch: Int64) -> Bool {
    let left = view.ledgersLeft(settings) - batch
    if let fixed = settings.handOverLedgers { return left <= fixed }
    guard let outlook = outlook(for: view.farmIndex, view), let best = planting.best else {
      return left <= settings.cutOffLedgers
    }
    let gap = Int64(view.ledger.rawValue) - Int64(planting.plantedIn.rawValue)
    return handOver(stake: planting.stake, zeros: best.zeros, in: outlook, view)
      .isDue(gap: gap, left: left)
  }

  /// Whether works are about to be handed over, the last of so many batches included.
  func isNearHandOver(_ view: ChainView, batches: Int64 = 0) -> Bool {
    let window = settings.handOverLedgers ?? Int64(odds(view).chances.count)
    return view.ledgersLeft(settings) <= window + batches + Self.nearLedgers
  }

  /// Sure ledgers left in the open block when its works are handed over, as far as can be said for
  /// all: up to then every zero counts.
  package func handOverLedgersLeft(_ view: ChainView) -> Int64 {
    if let fixed = settings.handOverLedgers { return fixed }
    guard let outlook = outlook(for: view.farmIndex, view) else { return settings.cutOffLedgers }
    let left = view.ledgersLeft(settings)
    let gap = settings.blockSeconds / settings.ledgerSeconds - left
    let (wait, _) = handOver(stake: 0, zeros: 0, in: outlook, view).best(gap: gap, left: left)
    return max(settings.cutOffLedgers, left - wait)
  }
}
