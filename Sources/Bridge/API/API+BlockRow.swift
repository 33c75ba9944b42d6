extension API {
  /// One farm block of one farmer.
  package struct BlockRow: Hashable, Sendable, Codable {
    package var block: UInt32
    package var state: BlockState
    package var stake: Amount?
    package var zeros: Int?
    /// Ledgers between plant and work.
    package var gap: Int?
    /// KALE beyond the returned stake, once harvested.
    package var reward: Amount?
    /// XLM for this block's transactions so far.
    package var fees: Amount
    /// The reason in plain words where something is missing: not planted because…
    package var note: String?
    package var plantedAt: Timestamp?
    package var harvestedAt: Timestamp?

    package init(
      block: UInt32, state: BlockState, stake: Amount? = nil, zeros: Int? = nil, gap: Int? = nil,
      reward: Amount? = nil, fees: Amount, note: String? = nil, plantedAt: Timestamp? = nil,
      harvestedAt: Timestamp? = nil
    ) {
      self.block = block
      self.state = state
      self.stake = stake
      self.zeros = zeros
      self.gap = gap
      self.reward = reward
      self.fees = fees
      self.note = note
      self.plantedAt = plantedAt
      self.harvestedAt = harvestedAt
    }
  }
}
