extension API {
  /// Everything the farmer's first view shows.
  package struct Dashboard: Hashable, Sendable, Codable {
    /// The service's clock, so that a browser's wrong clock does no harm.
    package var now: Timestamp
    package var handle: String
    package var status: FarmerStatus
    /// What to do next, or what happens next, in one plain sentence.
    package var nextStep: String
    package var wallet: Wallet
    /// Nil before joining.
    package var pooler: Pooler?
    /// Nil before joining.
    package var membership: Membership?
    package var settings: Settings
    /// Nil while the chain is not followed yet.
    package var block: BlockNow?
    package var unharvestedBlocks: Int
    /// Stake in blocks not harvested yet.
    package var unharvestedStake: Amount
    /// KALE harvested since joining, without returned stakes.
    package var rewardsSinceJoining: Amount
    /// Stake lost since joining.
    package var stakeLost: Amount
    /// The part of it the pooler pays for.
    package var stakeLostByPooler: Amount
    package var leaving: Leaving?
    /// What the block's arithmetic says about the settings, in plain sentences.
    package var advice: [String]

    package init(
      now: Timestamp, handle: String, status: FarmerStatus, nextStep: String, wallet: Wallet,
      pooler: Pooler? = nil, membership: Membership? = nil, settings: Settings,
      block: BlockNow? = nil, unharvestedBlocks: Int, unharvestedStake: Amount,
      rewardsSinceJoining: Amount, stakeLost: Amount, stakeLostByPooler: Amount,
      leaving: Leaving? = nil, advice: [String] = []
    ) {
      self.now = now
      self.handle = handle
      self.status = status
      self.nextStep = nextStep
      self.wallet = wallet
      self.pooler = pooler
      self.membership = membership
      self.settings = settings
      self.block = block
      self.unharvestedBlocks = unharvestedBlocks
      self.unharvestedStake = unharvestedStake
      self.rewardsSinceJoining = rewardsSinceJoining
      self.stakeLost = stakeLost
      self.stakeLostByPooler = stakeLostByPooler
      self.leaving = leaving
      self.advice = advice
    }
  }
}
