extension API {
  /// One (block, pooler) as the operator sees it.
  package struct BlockAnalytics: Hashable, Sendable, Codable {
    package var block: UInt32
    package var pooler: PoolerID
    /// Farmers to plant for.
    package var wanted: Int
    package var planted: Int
    package var worked: Int
    package var harvested: Int
    /// Failed plantings by reason.
    package var failed: [String: Int]
    package var stake: Amount
    /// Harvested so far.
    package var reward: Amount
    package var stakeLost: Amount
    /// XLM.
    package var fees: Amount
    package var zerosMedian: Double?
    package var zerosMax: Int?
    /// Nil while plantings are open.
    package var resolvedAt: Timestamp?

    package init(
      block: UInt32, pooler: PoolerID, wanted: Int, planted: Int, worked: Int, harvested: Int,
      failed: [String: Int], stake: Amount, reward: Amount, stakeLost: Amount, fees: Amount,
      zerosMedian: Double? = nil, zerosMax: Int? = nil, resolvedAt: Timestamp? = nil
    ) {
      self.block = block
      self.pooler = pooler
      self.wanted = wanted
      self.planted = planted
      self.worked = worked
      self.harvested = harvested
      self.failed = failed
      self.stake = stake
      self.reward = reward
      self.stakeLost = stakeLost
      self.fees = fees
      self.zerosMedian = zerosMedian
      self.zerosMax = zerosMax
      self.resolvedAt = resolvedAt
    }
  }
}
