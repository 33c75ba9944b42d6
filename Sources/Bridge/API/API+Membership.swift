extension API {
  /// What came of joining.
  package struct Membership: Hashable, Sendable, Codable {
    package var pooler: PoolerID
    package var state: MembershipState
    /// Place in the waiting list, from 1, when waiting.
    package var position: Int?
    /// The share agreed.
    package var shareBps: Int

    package init(pooler: PoolerID, state: MembershipState, position: Int? = nil, shareBps: Int) {
      self.pooler = pooler
      self.state = state
      self.position = position
      self.shareBps = shareBps
    }
  }
}
