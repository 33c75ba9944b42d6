extension API {
  /// A book-keeping account's balance.
  package struct BookBalance: Hashable, Sendable, Codable {
    package var account: String
    /// `KALE` or `XLM`.
    package var asset: String
    package var balance: Amount

    package init(account: String, asset: String, balance: Amount) {
      self.account = account
      self.asset = asset
      self.balance = balance
    }
  }
}
