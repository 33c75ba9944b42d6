/// When to hand over a farmer's work, so that the reward to be expected is greatest.
///
/// Handing over after ledger s earns Σ p(d) · (part(s + d − planted) + rest) over the d with which it
/// still lands inside the block: earlier costs gap, later risks everything, the stake included.
/// Source: kale.md §8.2. All in millionths of a full part.
package struct HandOver: Sendable, Hashable {
  package var ranges: PartRanges
  package var odds: LandingOdds
  /// What a work earns whatever its gap, and saves: its parts of zeros and stake, and the stake
  /// itself at what it is worth in parts.
  package var rest: Int64

  /// The greatest chance, in millionths, that what lands at all lands too late: the hand-over is early
  /// enough for it whatever more a later one promises.
  package var lateMax: Int64

  /// A million parts: keeps sums far from overflow.
  static let restMax: Int64 = 1_000_000 * PartRanges.whole

  package init(
    ranges: PartRanges, odds: LandingOdds, rest: Int64, lateMax: Int64 = LandingOdds.certain
  ) {
    self.ranges = ranges
    self.lateMax = lateMax
    self.odds = odds
    self.rest = min(max(0, rest), Self.restMax)
  }

  /// What is to be expected of handing over now.
  ///
  /// - Parameters:
  ///   - gap: Ledgers since the plant, as of the last closed one.
  ///   - left: Ledgers after it that surely close inside the block.
  package func value(gap: Int64, left: Int64) -> Int64 {
    var sum: Int128 = 0
    for (index, chance) in odds.chances.enumerated() where Int64(index) < left {
      let part = ranges.part(gap: gap + Int64(index) + 1)
      sum += Int128(chance) * Int128(part + rest)
    }
    return Int64(sum / Int128(LandingOdds.certain))
  }

  /// How many ledgers to wait, and what is to be expected then. Of equals the latest: until then
  /// zeros may be found.
  package func best(gap: Int64, left: Int64) -> (wait: Int64, value: Int64) {
    // While all chances lie inside the block, waiting costs nothing and may earn.
    let first = max(0, left - Int64(odds.chances.count))
    var best = (wait: first, value: value(gap: gap + first, left: left - first))
    var wait = first + 1
    while wait < left, odds.late(after: left - wait) <= lateMax {
      let value = value(gap: gap + wait, left: left - wait)
      if value >= best.value { best = (wait, value) }
      wait += 1
    }
    return best
  }

  /// Whether now is the time. With no sure ledger left there is nothing to wait for.
  package func isDue(gap: Int64, left: Int64) -> Bool {
    left <= 1 || (left <= Int64(odds.chances.count) && best(gap: gap, left: left).wait == 0)
  }
}
