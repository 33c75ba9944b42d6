package import KaleRules
package import StellarXDR

/// What a farmer agreed to in the split contract. Source: deploy/split-contract.md.
package struct SplitTermsOnChain: Sendable, Hashable {
  package var pooler: SCAddress
  package var bondWallet: SCAddress
  package var share: BasisPoints
  package var payout: SCAddress

  /// Nil for a value that is none.
  package init?(_ value: SCVal) {
    guard let pooler = value[field: "pooler"]?.asAddress,
      let bondWallet = value[field: "bond_wallet"]?.asAddress,
      let share = value[field: "share_bps"]?.asU32, let bps = UInt16(exactly: share),
      let payout = value[field: "payout"]?.asAddress
    else { return nil }
    self.pooler = pooler
    self.bondWallet = bondWallet
    self.share = BasisPoints(bps)
    self.payout = payout
  }
}

/// What `settle` did. Amounts are stroops.
package struct SettlementOnChain: Sendable, Hashable {
  package var amount: Int128
  package var rewards: Int128
  package var loss: Int128
  package var held: Int128
  package var gross: Int128
  package var due: Int128
  package var poolerNet: Int128
  package var farmerNet: Int128
  package var debt: Int128
  package var shortfall: Int128

  /// Nil for a value that is none.
  package init?(_ value: SCVal) {
    func number(_ name: String) -> Int128? { value[field: name]?.asI128 }
    guard let amount = number("amount"), let rewards = number("rewards"),
      let loss = number("loss"), let held = number("held"), let gross = number("gross"),
      let due = number("due"), let poolerNet = number("pooler_net"),
      let farmerNet = number("farmer_net"), let debt = number("debt"),
      let shortfall = number("shortfall")
    else { return nil }
    self.amount = amount
    self.rewards = rewards
    self.loss = loss
    self.held = held
    self.gross = gross
    self.due = due
    self.poolerNet = poolerNet
    self.farmerNet = farmerNet
    self.debt = debt
    self.shortfall = shortfall
  }
}
