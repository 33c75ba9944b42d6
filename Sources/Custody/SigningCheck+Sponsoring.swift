import StellarXDR

/// Wallets that a sponsor makes: an account with KALE's trustline and no XLM, the reserves borne by
/// the sponsor. Source: CAP-33.
extension SigningCheck {
  /// The sponsor's side: nothing but farmers' wallets of ours is made, and nothing is given to them.
  func checkMaking(_ transaction: Transaction) throws(CustodyError) {
    try checkExpiry(transaction)
    for made in try sponsoredWallets(transaction) where !policy.ownWallets.contains(made) {
      throw refusal(.destination, "an account that is not ours: \(StrKey.account(made))")
    }
  }

  /// The new wallet's side: whoever bears its reserves, it gets a trustline and gives nothing.
  func checkBeingMade(by transaction: Transaction) throws(CustodyError) {
    guard let made = try? sponsoredWallets(transaction), made.contains(wallet) else {
      throw refusal(.source, "the source is \(transaction.source)")
    }
    try checkExpiry(transaction)
  }

  /// The wallets that a transaction makes by begin, create, trust and end, and does nothing else.
  private func sponsoredWallets(
    _ transaction: Transaction
  ) throws(CustodyError) -> [AccountID] {
    let operations = transaction.operations
    guard !operations.isEmpty, operations.count.isMultiple(of: 4) else {
      throw refusal(.operation, "it does something else than make sponsored wallets")
    }
    var wallets: [AccountID] = []
    for first in stride(from: 0, to: operations.count, by: 4) {
      guard case .beginSponsoringFutureReserves(let made) = operations[first].body else {
        throw refusal(.operation, "\(operations[first].body.type) from a sponsor")
      }
      let expected = [
        Operation(.beginSponsoringFutureReserves(sponsored: made)),
        Operation(.createAccount(destination: made, startingBalance: 0)),
        Operation(
          .changeTrust(.asset(policy.network.asset), limit: .max), source: .account(made)),
        Operation(.endSponsoringFutureReserves, source: .account(made)),
      ]
      guard Array(operations[first..<(first + 4)]) == expected else {
        throw refusal(.operation, "a sponsored wallet that is made in another way than ours are")
      }
      wallets.append(made)
    }
    return wallets
  }
}
