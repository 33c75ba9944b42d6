extension API {
  /// A wallet whose books and chain disagree.
  package struct AuditDifference: Hashable, Sendable, Codable {
    /// G….
    package var wallet: String
    /// `KALE` or `XLM`.
    package var asset: String
    package var books: Amount
    package var chain: Amount

    package init(wallet: String, asset: String, books: Amount, chain: Amount) {
      self.wallet = wallet
      self.asset = asset
      self.books = books
      self.chain = chain
    }
  }
}
