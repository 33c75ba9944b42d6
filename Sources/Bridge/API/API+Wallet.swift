extension API {
  /// A farmer's custodial wallet on chain.
  package struct Wallet: Hashable, Sendable, Codable {
    /// G….
    package var address: String
    /// Liquid KALE.
    package var kale: Amount
    /// All XLM, the reserve included.
    package var xlm: Amount
    /// The account exists on chain.
    package var funded: Bool
    /// KALE can be received.
    package var trustline: Bool

    package init(address: String, kale: Amount, xlm: Amount, funded: Bool, trustline: Bool) {
      self.address = address
      self.kale = kale
      self.xlm = xlm
      self.funded = funded
      self.trustline = trustline
    }
  }
}
