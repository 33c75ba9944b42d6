package import KaleRules

/// What a harvest minted for a farmer. Known by ledger and amount: the mint's event names the outer
/// transaction of a fee bump, our books the inner one.
package struct HarvestPayment: Sendable, Hashable {
  package var ledger: LedgerSequence
  /// Stake and reward together.
  package var amount: Stroops

  package init(ledger: LedgerSequence, amount: Stroops) {
    self.ledger = ledger
    self.amount = amount
  }
}

/// Anybody may harvest for anybody, several blocks in one transaction: the asset's mint tells how much
/// came into the wallet, and not for which block.
extension Farmer {
  /// Which payment is a block's, that no harvest of ours made; nil: none can be.
  ///
  /// It is the one that the contract's own arithmetic gives. Where there is none (somebody replaced our
  /// work by a better one before harvesting), it is the least that covers the stake and is no other
  /// block's.
  ///
  /// - Parameters:
  ///   - booked: Payments that are in the books.
  ///   - closed: The farmer's blocks that are over, as they stand on chain.
  package func payment(
    for block: BlockIndex, among all: [HarvestPayment], booked: Set<HarvestPayment>,
    closed: [BlockIndex: FarmBlock]
  ) -> HarvestPayment? {
    guard let planting = plantings[block] else { return nil }
    var left = all.filter { !booked.contains($0) }
    if let due = due(for: block, closed), let exact = left.first(where: { $0.amount == due }) {
      return exact
    }
    for other in openBlocks where other != block {
      guard let due = due(for: other, closed),
        let index = left.firstIndex(where: { $0.amount == due })
      else { continue }
      left.remove(at: index)
    }
    return left.filter { $0.amount >= planting.stake }.min { $0.amount < $1.amount }
  }

  /// What the contract pays for a worked planting of a closed block.
  private func due(for block: BlockIndex, _ closed: [BlockIndex: FarmBlock]) -> Stroops? {
    guard let planting = plantings[block], case .worked(let zeros, let gap) = planting.phase,
      let closed = closed[block], let gap = UInt32(exactly: gap),
      let zeros = UInt32(exactly: zeros),
      let reward = try? KaleReward.reward(
        gap: gap, stake: Int128(planting.stake.rawValue), zeros: zeros, in: closed, index: block)
    else { return nil }
    return Int64(exactly: reward).map { Stroops($0) + planting.stake }
  }
}
