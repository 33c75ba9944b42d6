extension API {
  /// A pooler to be created by the operator, checked in range by the bridge.
  package struct NewPooler: Hashable, Sendable {
    /// 1...64 characters.
    package var name: String
    /// As typed; the service checks it.
    package var walletAddress: String
    /// 0...10000.
    package var shareBps: Int
    /// 1...100000.
    package var maxFarmers: Int

    package init(name: String, walletAddress: String, shareBps: Int, maxFarmers: Int) {
      self.name = name
      self.walletAddress = walletAddress
      self.shareBps = shareBps
      self.maxFarmers = maxFarmers
    }
  }
}
