package import Pool

/// What an account of the books holds: the sum of all its postings, in stroops.
package struct BookBalance: Sendable, Hashable {
  package var account: BookAccount
  package var asset: BookAsset
  package var amount: Int128

  package init(account: BookAccount, asset: BookAsset, amount: Int128) {
    self.account = account
    self.asset = asset
    self.amount = amount
  }
}
