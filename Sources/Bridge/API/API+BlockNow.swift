extension API {
  /// The farm block that is open, and the farmer's part in it.
  package struct BlockNow: Hashable, Sendable, Codable {
    package var index: UInt32
    /// Ledger close time of its opening.
    package var openedAt: Timestamp?
    /// Wall-clock seconds until the next block may open; 0 when due; nil when unknown.
    package var nextOpensInSeconds: Int?
    /// The farmer's part; nil when they have none yet.
    package var state: BlockState?
    package var stake: Amount?
    /// Best so far.
    package var zeros: Int?

    package init(
      index: UInt32, openedAt: Timestamp? = nil, nextOpensInSeconds: Int? = nil,
      state: BlockState? = nil, stake: Amount? = nil, zeros: Int? = nil
    ) {
      self.index = index
      self.openedAt = openedAt
      self.nextOpensInSeconds = nextOpensInSeconds
      self.state = state
      self.stake = stake
      self.zeros = zeros
    }
  }
}
