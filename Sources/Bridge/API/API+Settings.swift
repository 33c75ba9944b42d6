extension API {
  /// A farmer's settings as they stand.
  package struct Settings: Hashable, Sendable, Codable {
    package var stakeBps: Int
    package var harvestAfterBlocks: Int
    package var stakeCap: Amount?
    package var paused: Bool
    /// The address in force.
    package var payoutAddress: String
    /// A changed address that is not in force yet.
    package var payoutPending: PendingPayout?

    package init(
      stakeBps: Int, harvestAfterBlocks: Int, stakeCap: Amount? = nil, paused: Bool,
      payoutAddress: String, payoutPending: PendingPayout? = nil
    ) {
      self.stakeBps = stakeBps
      self.harvestAfterBlocks = harvestAfterBlocks
      self.stakeCap = stakeCap
      self.paused = paused
      self.payoutAddress = payoutAddress
      self.payoutPending = payoutPending
    }
  }
}
