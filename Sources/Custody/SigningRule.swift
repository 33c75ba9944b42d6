/// The rules a transaction must keep to be signed, by name: what a refusal names.
package enum SigningRule: String, Sendable, Hashable, CaseIterable {
  /// The sealed seed is for another kind of wallet than the policy.
  case walletKind
  /// The transaction's source (or a fee bump's fee source) is this wallet, plainly.
  case source
  /// No operation comes from another account.
  case operationSource
  /// At least one operation, and one alone with a contract call.
  case operationCount
  /// The fee is within the cap.
  case fee
  /// The transaction ends by itself: it has a latest time.
  case expiry
  /// The operation is one that this kind of wallet may do.
  case operation
  /// Contract calls go to the farm, the split contract, KALE's or XLM's contract.
  case contract
  /// The contract's function is one that this kind of wallet may call.
  case function
  /// The arguments have the number and types that the function takes.
  case arguments
  /// The farmer argument is this wallet (or, from a channel, one of our farmers').
  case farmer
  /// A stake is within its cap.
  case stake
  /// Terms and settlement name the registered parties and share.
  case terms
  /// A payout argument is the registered payout address.
  case payout
  /// Money goes to the registered payout address, or between our own wallets where that is allowed.
  case destination
  /// Only KALE and XLM.
  case asset
  /// An amount is positive.
  case amount
  /// Before settlement nothing leaves a farmer's wallet but through the split contract.
  case settlement
  /// Authorisations are the source account's, for exactly the call and the transfers it makes.
  case authorisation
}
