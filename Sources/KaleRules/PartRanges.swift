/// The ranges between which a block measures gap, stake and zeros: what the block before saw.
///
/// A part is counted in millionths of a full part. For planning; what the contract counts is
/// ``KaleReward``'s.
package struct PartRanges: Sendable, Hashable {
  package var gap: ClosedRange<Int64>
  package var zeros: ClosedRange<Int64>
  /// Stroops.
  package var stake: ClosedRange<Int64>

  /// One full part.
  package static let whole: Int64 = 1_000_000

  package init(gap: ClosedRange<Int64>, zeros: ClosedRange<Int64>, stake: ClosedRange<Int64>) {
    self.gap = gap
    self.zeros = zeros
    self.stake = stake
  }

  /// Of an open block. (For the next one, of what its accumulator would open.)
  package init(_ block: FarmBlock) {
    self.init(
      gap: Self.range(Int128(block.minGap), Int128(block.maxGap)),
      zeros: Self.range(Int128(block.minZeros), Int128(block.maxZeros)),
      stake: Self.range(block.minStake, block.maxStake))
  }

  private static func range(_ least: Int128, _ most: Int128) -> ClosedRange<Int64> {
    let least = Int64(clamping: least)
    return least...max(least, Int64(clamping: most))
  }

  package func part(gap value: Int64) -> Int64 { Self.part(value, in: gap) }
  package func part(zeros value: Int64) -> Int64 { Self.part(value, in: zeros) }
  package func part(stake value: Int64) -> Int64 { Self.part(value, in: stake) }

  /// 0 at and below the least, ``whole`` at and above the most; 0 where the two are the same.
  private static func part(_ value: Int64, in range: ClosedRange<Int64>) -> Int64 {
    let width = Int128(range.upperBound) - Int128(range.lowerBound)
    guard width > 0 else { return 0 }
    let above =
      Int128(min(max(value, range.lowerBound), range.upperBound))
      - Int128(range.lowerBound)
    return Int64(above * Int128(whole) / width)
  }

  /// The sum of all parts of a closed block, in millionths of full ones.
  package static func total(of block: FarmBlock) -> Int64? {
    guard let ranges = try? KaleReward.Ranges(block), block.normalizedTotal > 0 else { return nil }
    let (product, overflow) = block.normalizedTotal.multipliedReportingOverflow(by: Int128(whole))
    return overflow ? nil : Int64(clamping: product / ranges.scale)
  }
}
