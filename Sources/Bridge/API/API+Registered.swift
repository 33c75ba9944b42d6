extension API {
  /// What came of a registration.
  package struct Registered: Hashable, Sendable {
    package var farmer: FarmerID
    /// The custodial wallet, G….
    package var walletAddress: String

    package init(farmer: FarmerID, walletAddress: String) {
      self.farmer = farmer
      self.walletAddress = walletAddress
    }
  }
}
