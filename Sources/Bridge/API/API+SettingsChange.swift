extension API {
  /// What a farmer changes; nil stays. Counts from the next block.
  package struct SettingsChange: Hashable, Sendable {
    /// 0...10000.
    package var stakeBps: Int?
    /// 1...240; the service refuses more than the network allows.
    package var harvestAfterBlocks: Int?
    package var stakeCap: StakeCapChange?
    /// Paused: nothing is planted, harvests go on.
    package var paused: Bool?
    /// No more is staked than counts in the block.
    package var withinMaxStake: Bool?
    /// Planted also where the reward to be expected is below the fees.
    package var evenBelowFees: Bool?
    /// As typed; the password was asked again. Counts after the service's delay.
    package var payoutAddress: String?

    package init(
      stakeBps: Int? = nil, harvestAfterBlocks: Int? = nil, stakeCap: StakeCapChange? = nil,
      paused: Bool? = nil, withinMaxStake: Bool? = nil, evenBelowFees: Bool? = nil,
      payoutAddress: String? = nil
    ) {
      self.stakeBps = stakeBps
      self.harvestAfterBlocks = harvestAfterBlocks
      self.stakeCap = stakeCap
      self.paused = paused
      self.withinMaxStake = withinMaxStake
      self.evenBelowFees = evenBelowFees
      self.payoutAddress = payoutAddress
    }
  }
}
