/// The balances of an asset, with the checks of its contract in their order. Source: kale.md §3,
/// stellar.md §5.
package struct TokenModel: Hashable, Sendable {
  /// What a classic account holds of the asset.
  package struct Trustline: Hashable, Sendable {
    package var balance: Int64
    package var limit: Int64
    package var isAuthorized: Bool

    package init(balance: Int64, limit: Int64 = .max, isAuthorized: Bool = true) {
      self.balance = balance
      self.limit = limit
      self.isAuthorized = isAuthorized
    }
  }

  package let issuer: FarmAddress
  /// Of accounts; one that is not here has no trustline.
  package var trustlines: [FarmAddress: Trustline] = [:]
  /// Of contracts; one that is not here has 0.
  package var contractBalances: [FarmAddress: Int128] = [:]

  package init(issuer: FarmAddress) { self.issuer = issuer }

  /// Nil: an account without a trustline.
  package func balance(of holder: FarmAddress) -> Int128? {
    switch holder {
    case .account: trustlines[holder].map { Int128($0.balance) }
    case .contract: contractBalances[holder] ?? 0
    }
  }

  /// The caller has refused the issuer and checked the holder's authorisation, in this order.
  package mutating func burn(_ amount: Int128, from holder: FarmAddress) throws(FarmFailure) {
    guard case .account = holder else {
      let balance = contractBalances[holder] ?? 0
      guard balance >= amount else { throw .token(.balance) }
      contractBalances[holder] = balance - amount
      return
    }
    guard var line = trustlines[holder] else { throw .token(.trustlineMissing) }
    guard line.isAuthorized else { throw .token(.balanceDeauthorized) }
    guard let amount = Int64(exactly: amount) else { throw .token(.overflow) }
    guard line.balance >= amount else { throw .token(.balance) }
    line.balance -= amount
    trustlines[holder] = line
  }

  package mutating func mint(_ amount: Int128, to holder: FarmAddress) throws(FarmFailure) {
    guard holder != issuer else { throw .token(.operationNotSupported) }
    guard case .account = holder else {
      let sum = (contractBalances[holder] ?? 0).addingReportingOverflow(amount)
      guard !sum.overflow else { throw .token(.overflow) }
      contractBalances[holder] = sum.partialValue
      return
    }
    guard var line = trustlines[holder] else { throw .token(.trustlineMissing) }
    guard line.isAuthorized else { throw .token(.balanceDeauthorized) }
    guard let amount = Int64(exactly: amount) else { throw .token(.overflow) }
    guard amount <= line.limit - line.balance else { throw .token(.balance) }
    line.balance += amount
    trustlines[holder] = line
  }
}
