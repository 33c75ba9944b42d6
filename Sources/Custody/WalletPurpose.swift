/// What a custodial wallet is for, and so what it may sign.
package enum WalletPurpose: String, Codable, Sendable, Hashable, CaseIterable {
  /// Farms for one farmer: stakes, rewards, then the split and the payout.
  case farmer
  /// The pool's own money: makes wallets, compensates farmers.
  case treasury
  /// A pooler's bond.
  case bond
  /// Lends its sequence numbers to harvests and works of our farmers.
  case channel
  /// Pays the fees of our wallets' transactions.
  case sponsor
}
