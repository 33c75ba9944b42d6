extension API {
  /// A farmer's settings as they stand.
  package struct Settings: Hashable, Sendable, Codable {
    package var stakeBps: Int
    package var harvestAfterBlocks: Int
    package var stakeCap: Amount?
    package var paused: Bool
    /// No more is staked than counts in the block.
    package var withinMaxStake: Bool
    /// Planted also where the reward to be expected is below the fees.
    package var evenBelowFees: Bool
    /// The address in force.
    package var payoutAddress: String
    /// A changed address that is not in force yet.
    package var payoutPending: PendingPayout?

    package init(
      stakeBps: Int, harvestAfterBlocks: Int, stakeCap: Amount? = nil, paused: Bool,
      withinMaxStake: Bool = false, evenBelowFees: Bool = false, payoutAddress: String,
      payoutPending: PendingPayout? = nil
    ) {
      self.stakeBps = stakeBps
      self.harvestAfterBlocks = harvestAfterBlocks
      self.stakeCap = stakeCap
      self.paused = paused
      self.withinMaxStake = withinMaxStake
      self.evenBelowFees = evenBelowFees
      self.payoutAddress = payoutAddress
      self.payoutPending = payoutPending
    }
  }
}
