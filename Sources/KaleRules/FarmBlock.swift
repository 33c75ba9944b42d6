package import Bytes

/// A block of the farm, or the accumulator for the next one: both have the same fields.
///
/// Source: kale.md §2. In the accumulator (`FarmBlock` in the contract's storage) the totals are
/// never used and the ranges start as ``fresh(at:)`` has them.
package struct FarmBlock: Hashable, Sendable {
  /// Ledger close time, Unix seconds, of the block's opening.
  package var timestamp: UInt64
  /// Ledgers between planting and working: the least and the most the block before saw.
  package var minGap: UInt32
  package var maxGap: UInt32
  /// Stroops.
  package var minStake: Int128
  package var maxStake: Int128
  /// Leading zero hex digits.
  package var minZeros: UInt32
  package var maxZeros: UInt32
  /// The hash of the last work accepted in the block before; 32 zero bytes if there was none.
  package var entropy: Bytes32
  /// Stroops planted and not worked (yet); negative only after odd administration.
  package var stakedTotal: Int128
  /// The sum of all parts of all works, as the contract counts (and miscounts) it.
  package var normalizedTotal: Int128

  package init(
    timestamp: UInt64, minGap: UInt32, maxGap: UInt32, minStake: Int128, maxStake: Int128,
    minZeros: UInt32, maxZeros: UInt32, entropy: Bytes32, stakedTotal: Int128,
    normalizedTotal: Int128
  ) {
    self.timestamp = timestamp
    self.minGap = minGap
    self.maxGap = maxGap
    self.minStake = minStake
    self.maxStake = maxStake
    self.minZeros = minZeros
    self.maxZeros = maxZeros
    self.entropy = entropy
    self.stakedTotal = stakedTotal
    self.normalizedTotal = normalizedTotal
  }

  /// An accumulator that has seen nothing: every minimum at its greatest, every maximum at its
  /// least value.
  package static func fresh(at timestamp: UInt64) -> FarmBlock {
    FarmBlock(
      timestamp: timestamp, minGap: .max, maxGap: .min, minStake: .max, maxStake: .min,
      minZeros: .max, maxZeros: .min, entropy: .zero, stakedTotal: 0, normalizedTotal: 0)
  }

  /// The block that this accumulator opens at `timestamp`: what was never seen becomes 0.
  package func opened(at timestamp: UInt64) -> FarmBlock {
    FarmBlock(
      timestamp: timestamp,
      minGap: minGap == .max ? 0 : minGap, maxGap: maxGap,
      minStake: minStake == .max ? 0 : minStake, maxStake: maxStake == .min ? 0 : maxStake,
      minZeros: minZeros == .max ? 0 : minZeros, maxZeros: maxZeros,
      entropy: entropy, stakedTotal: 0, normalizedTotal: 0)
  }

  /// Takes a planting into the ranges of the next block.
  mutating func note(stake: Int128) {
    maxStake = max(maxStake, stake)
    minStake = min(minStake, stake)
  }

  /// Takes an accepted work, unclamped, into ranges and entropy of the next block.
  mutating func note(gap: UInt32, zeros: UInt32, hash: Bytes32) {
    entropy = hash
    maxGap = max(maxGap, gap)
    minGap = min(minGap, gap)
    maxZeros = max(maxZeros, zeros)
    minZeros = min(minZeros, zeros)
  }
}
