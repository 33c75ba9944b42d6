extension API {
  /// A farmer's choice of pooler and first settings, checked in range by the bridge.
  package struct JoinRequest: Hashable, Sendable {
    package var pooler: PoolerID
    /// The share the farmer saw and agrees to; a conflict if the pooler's offer differs by now.
    package var shareBps: Int
    /// 0...10000 of the liquid balance.
    package var stakeBps: Int
    /// 1...240; the service refuses more than the network allows.
    package var harvestAfterBlocks: Int
    /// At most so much a block, stroops; nil for no cap.
    package var stakeCapStroops: Int64?

    package init(
      pooler: PoolerID, shareBps: Int, stakeBps: Int, harvestAfterBlocks: Int,
      stakeCapStroops: Int64? = nil
    ) {
      self.pooler = pooler
      self.shareBps = shareBps
      self.stakeBps = stakeBps
      self.harvestAfterBlocks = harvestAfterBlocks
      self.stakeCapStroops = stakeCapStroops
    }
  }
}
