/// What a pooler does for one farmer beside what it does for its others, by the zeros it finds.
///
/// Whoever hashes for the farmer with the fewest zeros gives every farmer of a block the same chance,
/// so a farmer's zeros lie as often above the block's mean as below it. A farmer who is below it again
/// and again is starved. In thousandths of a zero.
package struct Effort: Sendable, Hashable {
  package private(set) var blocks: Int64 = 0
  /// The sum of zeros less the block's mean.
  package private(set) var excess: Int64 = 0
  /// The sum of what the square of one block's excess is on average, had all the same chance.
  package private(set) var variance: Int64 = 0

  /// Blocks of which the older half is forgotten when they are as many.
  static let blocksMax: Int64 = 256
  /// Fewer tell nothing.
  static let blocksMin: Int64 = 8
  /// In a block with fewer farmers there is no mean to speak of.
  static let farmersMin = 5
  /// Standard deviations below the mean that luck alone reaches once in 10^7 looks.
  static let starvedBelow: Int64 = 5
  /// A difference of less than a quarter of a zero (half the hashes) is nobody's loss to speak of.
  static let starvedExcess: Int64 = 250

  package init() {}

  /// Takes in one block: this farmer's excess over the mean, and the variance among all.
  mutating func add(excess: Int64, variance: Int64) {
    blocks += 1
    self.excess += excess
    self.variance += variance
    guard blocks >= Self.blocksMax else { return }
    blocks /= 2
    self.excess /= 2
    self.variance /= 2
  }

  /// Zeros above (or below) the block's mean on average, in thousandths.
  package var mean: Int64 { blocks > 0 ? excess / blocks : 0 }

  /// Whether this farmer got less than chance explains.
  package var isStarved: Bool {
    guard blocks >= Self.blocksMin, excess < 0, -mean >= Self.starvedExcess else { return false }
    let bound = Int128(Self.starvedBelow * Self.starvedBelow) * Int128(variance)
    return Int128(excess) * Int128(excess) > bound
  }

  /// Each work's excess over the mean of all, and their variance; empty for too few farmers.
  static func excesses(_ results: [WorkResult]) -> (each: [(FarmerID, Int64)], variance: Int64) {
    guard results.count >= farmersMin else { return ([], 0) }
    let count = Int64(results.count)
    let mean = results.reduce(0) { $0 + 1_000 * Int64($1.zeros) } / count
    let each = results.map { ($0.farmer, 1_000 * Int64($0.zeros) - mean) }
    return (each, each.reduce(0) { $0 + $1.1 * $1.1 } / count)
  }
}
