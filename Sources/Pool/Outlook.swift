package import KaleRules

/// What a block is worth, as far as it can be foretold. For planning; what was paid is read from the
/// chain.
package struct Outlook: Sendable, Hashable {
  package var block: BlockIndex
  package var ranges: PartRanges
  /// What there is to share, in stroops.
  package var pot: Int64
  /// The parts it is shared by, in millionths of full ones, as the block before had; nil: not known.
  package var parts: Int64?

  /// What the parts of a work are worth, in stroops; nil where nobody knows how many share.
  package func reward(parts mine: Int64) -> Int64? {
    parts.map { Int64(clamping: Int128(pot) * Int128(mine) / Int128(max($0, mine, 1))) }
  }

  /// What `stroops` are worth in millionths of a part. Where nobody knows how many share, as many as
  /// on a busy day.
  package func inParts(_ stroops: Stroops) -> Int64 {
    let share = Int128(parts ?? Self.partsUnknown)
    return Int64(clamping: Int128(stroops.rawValue) * share / Int128(max(1, pot)))
  }

  private static let partsUnknown = 1_000 * PartRanges.whole
}

extension PoolState {
  /// The open block's, by what was seen of it when it opened, or the next one's, by what would open
  /// now; nil: not known.
  package func outlook(for block: BlockIndex, _ view: ChainView) -> Outlook? {
    let pot = Int64(clamping: KaleReward.pot(block))
    if let opened = blocks[block] {
      return Outlook(
        block: block, ranges: PartRanges(opened), pot: pot, parts: opened.partsBefore)
    }
    guard block == view.farmIndex.next, let next = view.nextBlock else { return nil }
    return Outlook(
      block: block, ranges: PartRanges(next), pot: pot,
      parts: view.openBlock.flatMap(PartRanges.total) ?? blocks[view.farmIndex]?.partsBefore)
  }

  /// What a worked planting of a closed block would have been paid, by the contract's own arithmetic:
  /// what the treasury owes where the harvest was missed.
  package func earned(_ planting: Planting, in block: BlockIndex) -> Stroops {
    guard case .worked(let zeros, let gap) = planting.phase, let opened = blocks[block],
      let after = blocks[block.next], let total = after.normalizedBefore,
      let unworked = after.unworkedBefore
    else { return 0 }
    let closed = FarmBlock(
      timestamp: UInt64(clamping: opened.openedAt), minGap: UInt32(clamping: opened.gapMin),
      maxGap: UInt32(clamping: opened.gapMax), minStake: Int128(opened.stakeMin.rawValue),
      maxStake: Int128(opened.stakeMax.rawValue), minZeros: UInt32(clamping: opened.zerosMin),
      maxZeros: UInt32(clamping: opened.zerosMax), entropy: opened.entropy,
      stakedTotal: Int128(unworked.rawValue), normalizedTotal: Int128(total))
    let reward = try? KaleReward.reward(
      gap: UInt32(clamping: gap), stake: Int128(planting.stake.rawValue),
      zeros: UInt32(clamping: zeros), in: closed, index: block)
    return Stroops(Int64(clamping: reward ?? 0))
  }
}

extension PartRanges {
  init(_ block: BlockOpened) {
    self.init(
      gap: block.gapMin...max(block.gapMin, block.gapMax),
      zeros: block.zerosMin...max(block.zerosMin, block.zerosMax),
      stake: block.stakeMin.rawValue...max(block.stakeMin, block.stakeMax).rawValue)
  }
}
