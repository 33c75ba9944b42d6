extension API {
  /// What would be done in a block and why.
  package struct Plan: Hashable, Sendable, Codable {
    package var block: UInt32
    /// `open` or `next`.
    package var state: String
    package var gapMin: Int
    package var gapMax: Int
    package var zerosMin: Int
    package var zerosMax: Int
    package var stakeMin: Amount
    package var stakeMax: Amount
    /// What the block shares out, and by how many full parts; nil: not known.
    package var pot: Amount
    package var parts: Double?
    /// Sure ledgers left, and those left when works are handed over (the last batch).
    package var ledgersLeft: Int
    package var handOverLedgersLeft: Int
    package var worksPerLedger: Int
    package var batches: Int
    /// Chances of landing 1, 2, … ledgers after sending.
    package var landing: [Double]
    /// XLM that the block costs each farmer.
    package var fees: Amount
    package var farmers: [PlannedPart]
    /// Why it is so, in plain sentences.
    package var reasons: [String]

    package init(
      block: UInt32, state: String, gapMin: Int, gapMax: Int, zerosMin: Int, zerosMax: Int,
      stakeMin: Amount, stakeMax: Amount, pot: Amount, parts: Double?, ledgersLeft: Int,
      handOverLedgersLeft: Int, worksPerLedger: Int, batches: Int, landing: [Double],
      fees: Amount, farmers: [PlannedPart], reasons: [String]
    ) {
      self.block = block
      self.state = state
      self.gapMin = gapMin
      self.gapMax = gapMax
      self.zerosMin = zerosMin
      self.zerosMax = zerosMax
      self.stakeMin = stakeMin
      self.stakeMax = stakeMax
      self.pot = pot
      self.parts = parts
      self.ledgersLeft = ledgersLeft
      self.handOverLedgersLeft = handOverLedgersLeft
      self.worksPerLedger = worksPerLedger
      self.batches = batches
      self.landing = landing
      self.fees = fees
      self.farmers = farmers
      self.reasons = reasons
    }
  }

  /// One farmer's part in a planned block.
  package struct PlannedPart: Hashable, Sendable, Codable {
    package var handle: String
    package var pooler: PoolerID
    package var stake: Amount
    package var zeros: Int?
    package var handOverLedgersLeft: Int
    /// Expected, before the pooler's share; nil: not known.
    package var reward: Amount?
    /// Why nothing is planted; nil: it is.
    package var whyNot: String?

    package init(
      handle: String, pooler: PoolerID, stake: Amount, zeros: Int?, handOverLedgersLeft: Int,
      reward: Amount?, whyNot: String?
    ) {
      self.handle = handle
      self.pooler = pooler
      self.stake = stake
      self.zeros = zeros
      self.handOverLedgersLeft = handOverLedgersLeft
      self.reward = reward
      self.whyNot = whyNot
    }
  }
}
