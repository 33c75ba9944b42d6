import KaleRules

/// Whether a ledger that a node tells of can be: one that is far ahead of what time allows is believed
/// only when it comes again, from another node where there is one. Plain logic; time is a parameter.
///
/// Ticks only go forward, so a single wrong one would keep every true one from being heard.
struct LedgerLeap: Sendable {
  /// More than the fastest devnet closes.
  private static let ledgersPerSecondMax = 20.0
  /// However little time went by.
  private static let slack = 200.0

  private var doubted: (tick: LedgerTick, node: Int)?

  /// `isAlone`: no other node has told of anything lately.
  mutating func isCredible(
    _ tick: LedgerTick, from node: Int, after latest: LedgerTick?, passed: Duration, isAlone: Bool
  ) -> Bool {
    guard let latest else { return true }
    let ahead = Double(tick.sequence.rawValue) - Double(latest.sequence.rawValue)
    let possible = Self.slack + max(0, passed / .seconds(1)) * Self.ledgersPerSecondMax
    guard ahead > possible else { return true }
    defer { doubted = (tick, node) }
    guard let doubted, isAlone || doubted.node != node else { return false }
    let apart =
      Double(tick.sequence.rawValue) - Double(doubted.tick.sequence.rawValue)
    return abs(apart) <= possible
  }
}
