package import KaleRules

/// When the next ledgers will close, from when the last ones did. Plain logic.
///
/// Ledger time counts whole seconds, and ledgers take unequal numbers of them. A block opens with
/// the first ledger that is late enough, so what counts is how likely the next one is.
package struct LedgerForecast: Sendable {
  /// Ledgers remembered: some minutes of a real network.
  private static let memory = 64

  /// Seconds between ledgers that followed each other, the oldest first.
  private var gaps: [UInt64] = []
  private var last: LedgerTick?
  /// What the network aims at, for as long as nothing was seen.
  package var target: UInt64

  package init(target: UInt64 = 5) { self.target = target }

  package mutating func note(_ tick: LedgerTick) {
    defer { last = tick }
    guard let last, tick.sequence > last.sequence, tick.closeTime >= last.closeTime else { return }
    // Ledgers that nobody saw: their mean stands for each.
    let count = UInt64(tick.sequence.rawValue - last.sequence.rawValue)
    let mean = (tick.closeTime - last.closeTime) / count
    for _ in 0..<min(count, 8) { gaps.append(mean) }
    gaps.removeFirst(max(0, gaps.count - Self.memory))
  }

  /// A close time that the next ledger after `tick` has or exceeds with at least this chance.
  package func nextClose(after tick: LedgerTick, chance: Double = 0.75) -> UInt64 {
    guard !gaps.isEmpty else { return tick.closeTime + target }
    let sorted = gaps.sorted()
    let at = Int((1 - chance) * Double(sorted.count))
    return tick.closeTime + sorted[min(at, sorted.count - 1)]
  }

  /// The chance that the ledger after `tick` closes at `time` or later.
  package func chance(ofClosingAt time: UInt64, after tick: LedgerTick) -> Double {
    guard !gaps.isEmpty else { return tick.closeTime + target >= time ? 1 : 0 }
    return Double(gaps.count { tick.closeTime + $0 >= time }) / Double(gaps.count)
  }
}

extension LedgerSequence {
  /// The ledger before; 0 of the first.
  package var before: LedgerSequence { LedgerSequence(rawValue - min(rawValue, 1)) }
}
