import KaleRules

/// What a closed block paid our farmers, and the best that it could have paid them, had everybody else
/// done what they did.
///
/// The best: planted in the opening ledger, handed over so as to land in the last ledger of the block,
/// with the zeros that all the block's hashing found. Stakes are as set. Others' parts, and the ranges,
/// are as they were.
struct Hindsight {
  /// One farmer of ours.
  struct Part {
    var stake: Int128
    /// Nil: not worked.
    var done: (gap: UInt32, zeros: UInt32)?
    var zerosFound: UInt32
  }

  let index: BlockIndex
  let closed: FarmBlock
  let parts: [Part]
  /// Between the ledgers in which the block and the next one opened.
  let ledgers: UInt32

  var paid: Int64 {
    parts.reduce(0) { sum, part in
      guard let done = part.done,
        let reward = try? KaleReward.reward(
          gap: done.gap, stake: part.stake, zeros: done.zeros, in: closed, index: index)
      else { return sum }
      return sum + Int64(reward)
    }
  }

  var best: Int64 {
    let mine = parts.reduce(Int128(0)) { $0 + normalized($1, $1.done) }
    let others = closed.normalizedTotal - mine
    let ideal = parts.reduce(Int128(0)) { sum, part in
      let zeros = max(part.zerosFound, part.done?.zeros ?? 0)
      return sum + normalized(part, (gap: ledgers - 1, zeros: zeros))
    }
    // What was not worked was shared out: in hindsight it would not have been there.
    let unworked = parts.reduce(Int128(0)) { $0 + ($1.done == nil ? $1.stake : 0) }
    let pot = KaleReward.pot(index) + closed.stakedTotal - unworked
    guard ideal + others > 0 else { return 0 }
    return Int64(pot * ideal / (ideal + others))
  }

  private func normalized(_ part: Part, _ work: (gap: UInt32, zeros: UInt32)?) -> Int128 {
    guard let work else { return 0 }
    let sum = try? KaleReward.normalized(
      gap: work.gap, stake: part.stake, zeros: work.zeros, in: closed)
    return sum ?? 0
  }
}
