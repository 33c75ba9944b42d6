extension API {
  /// One posting on a farmer's books.
  package struct StatementRow: Hashable, Sendable, Codable {
    /// Rises with time.
    package var id: Int64
    package var at: Timestamp
    /// `deposit`, `stake`, `reward`, `fee`, `compensation`, `payout`, …
    package var kind: String
    /// `KALE` or `XLM`.
    package var asset: String
    /// Signed: negative leaves the wallet.
    package var amount: Amount
    /// The wallet's balance of that asset afterwards.
    package var balance: Amount
    package var block: UInt32?
    /// In plain words.
    package var text: String
    /// Hash, hex.
    package var transaction: String?

    package init(
      id: Int64, at: Timestamp, kind: String, asset: String, amount: Amount, balance: Amount,
      block: UInt32? = nil, text: String, transaction: String? = nil
    ) {
      self.id = id
      self.at = at
      self.kind = kind
      self.asset = asset
      self.amount = amount
      self.balance = balance
      self.block = block
      self.text = text
      self.transaction = transaction
    }
  }
}
