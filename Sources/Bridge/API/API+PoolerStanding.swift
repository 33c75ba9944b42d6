extension API {
  /// A pooler as the operator sees it: what bounds its places, what it owes, whom it starves.
  package struct PoolerStanding: Hashable, Sendable, Codable {
    package var pooler: Pooler
    /// Places by its own word, by the hashes it delivered, by its bond; nil: no bound.
    package var placesOwn: Int
    package var placesDelivered: Int?
    package var placesBonded: Int?
    /// Where its bond is paid to.
    package var bondAddress: String
    package var bond: Amount
    /// Owed to farmers who have left.
    package var debt: Amount
    /// Blocks in a row in which it lost stakes.
    package var badBlocks: Int
    package var suspended: Bool
    /// Mean zeros of its last block.
    package var zerosMean: Double?
    /// Farmers who got fewer zeros than chance explains; the rest of its farmers are not listed.
    package var starved: [StarvedFarmer]

    package init(
      pooler: Pooler, placesOwn: Int, placesDelivered: Int?, placesBonded: Int?,
      bondAddress: String, bond: Amount, debt: Amount, badBlocks: Int, suspended: Bool,
      zerosMean: Double?, starved: [StarvedFarmer]
    ) {
      self.pooler = pooler
      self.placesOwn = placesOwn
      self.placesDelivered = placesDelivered
      self.placesBonded = placesBonded
      self.bondAddress = bondAddress
      self.bond = bond
      self.debt = debt
      self.badBlocks = badBlocks
      self.suspended = suspended
      self.zerosMean = zerosMean
      self.starved = starved
    }
  }

  /// A farmer whose pooler does less for it than for its others.
  package struct StarvedFarmer: Hashable, Sendable, Codable {
    package var handle: String
    /// Blocks looked at.
    package var blocks: Int
    /// Zeros below the mean of the pooler's farmers, a block.
    package var zerosBelow: Double

    package init(handle: String, blocks: Int, zerosBelow: Double) {
      self.handle = handle
      self.blocks = blocks
      self.zerosBelow = zerosBelow
    }
  }
}
