extension API {
  /// One harvest.
  package struct RewardRow: Hashable, Sendable, Codable {
    package var block: UInt32
    /// KALE beyond the returned stake.
    package var reward: Amount
    /// Returned.
    package var stake: Amount
    package var zeros: Int
    /// Ledgers.
    package var gap: Int
    /// XLM for the harvest.
    package var fee: Amount
    /// What the pooler would get of it at leaving.
    package var poolerShare: Amount
    /// What the farmer would keep.
    package var farmerShare: Amount
    package var harvestedAt: Timestamp
    /// Hash, hex.
    package var transaction: String?

    package init(
      block: UInt32, reward: Amount, stake: Amount, zeros: Int, gap: Int, fee: Amount,
      poolerShare: Amount, farmerShare: Amount, harvestedAt: Timestamp, transaction: String? = nil
    ) {
      self.block = block
      self.reward = reward
      self.stake = stake
      self.zeros = zeros
      self.gap = gap
      self.fee = fee
      self.poolerShare = poolerShare
      self.farmerShare = farmerShare
      self.harvestedAt = harvestedAt
      self.transaction = transaction
    }
  }
}
