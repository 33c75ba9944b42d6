/// The contract's reward arithmetic. Source: kale.md §5.
///
/// For planning: what was paid is read from the chain, never computed, and rewards of a block need
/// not sum to its pot.
package enum KaleReward {
  /// Stroops of a block before decay: 501 KALE for each of 5 minutes.
  package static let base: Int128 = 25_050_000_000
  /// The first index that counts for decay.
  package static let decayFrom: UInt32 = 30_558
  /// Blocks of a period, after each of which the reward shrinks.
  package static let decayPeriod: UInt32 = 8_640
  /// 100 %.
  static let scale: Int128 = 1_000_000_000_000
  /// 95 %.
  static let decay: Int128 = 950_000_000_000

  /// What a block mints by its index alone, in stroops, without unworked stakes.
  package static func pot(_ index: BlockIndex) -> Int128 {
    let periods = index.rawValue < decayFrom ? 0 : (index.rawValue - decayFrom) / decayPeriod
    var factor = scale
    for _ in 0..<periods {
      factor = factor * decay / scale
      if factor == 0 { break }
    }
    return base * factor / scale
  }

  /// The sum of the three parts of a work: where it is between the least and the most of gap, stake
  /// and zeros that the block before saw.
  package static func normalized(gap: UInt32, stake: Int128, zeros: UInt32, in block: FarmBlock)
    throws(FarmFailure) -> Int128
  {
    guard
      block.maxGap >= block.minGap, block.maxStake >= block.minStake,
      block.maxZeros >= block.minZeros
    else { throw .kale(.blockInvalid) }
    let ranges = try Ranges(block)
    let gapPart = try part(
      Int128(gap), Int128(block.minGap)...Int128(block.maxGap), ranges.gap, ranges.scale)
    let stakePart = try part(
      stake, block.minStake...block.maxStake, ranges.stake, ranges.scale)
    let zerosPart = try part(
      Int128(zeros), Int128(block.minZeros)...Int128(block.maxZeros), ranges.zeros, ranges.scale)
    let sum = try checked(gapPart.addingReportingOverflow(stakePart))
    return try checked(sum.addingReportingOverflow(zerosPart))
  }

  /// What a pail of a closed block is paid beyond its stake, in stroops.
  package static func reward(
    gap: UInt32, stake: Int128, zeros: UInt32, in block: FarmBlock, index: BlockIndex
  ) throws(FarmFailure) -> Int128 {
    let share = try normalized(gap: gap, stake: stake, zeros: zeros, in: block)
    let pot = try checked(pot(index).addingReportingOverflow(block.stakedTotal))
    guard let reward = mulFloor(share, pot, max(block.normalizedTotal, 1)) else { throw .trap }
    return reward
  }

  /// One part: at least 1, at most `scale`.
  package static func part(
    _ value: Int128, _ limits: ClosedRange<Int128>, _ range: Int128, _ scale: Int128
  ) throws(FarmFailure) -> Int128 {
    let clamped = max(limits.lowerBound, min(limits.upperBound, value))
    let above = try checked(clamped.subtractingReportingOverflow(limits.lowerBound))
    guard let part = mulFloor(above, scale, range) else { throw .trap }
    return max(1, part)
  }

  /// The block's three ranges, each at least 1, and the greatest of them: one full part.
  package struct Ranges: Hashable, Sendable {
    package let gap: Int128
    package let stake: Int128
    package let zeros: Int128
    package var scale: Int128 { max(gap, stake, zeros) }

    package init(_ block: FarmBlock) throws(FarmFailure) {
      gap = max(Int128(block.maxGap) - Int128(block.minGap), 1)
      stake = max(try checked(block.maxStake.subtractingReportingOverflow(block.minStake)), 1)
      zeros = max(Int128(block.maxZeros) - Int128(block.minZeros), 1)
    }
  }
}
