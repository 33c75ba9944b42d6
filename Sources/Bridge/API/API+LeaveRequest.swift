extension API {
  /// A farmer's confirmed wish to leave; the password was asked again.
  package struct LeaveRequest: Hashable, Sendable {
    /// Wait for a changed payout address instead of paying the one in force.
    package var waitForPendingPayout: Bool
    /// The pooler to go on with, and the share seen: then only the old pooler's share is paid. Nil:
    /// leaving for good.
    package var nextPooler: PoolerID?
    package var nextShareBps: Int?

    package init(
      waitForPendingPayout: Bool, nextPooler: PoolerID? = nil, nextShareBps: Int? = nil
    ) {
      self.waitForPendingPayout = waitForPendingPayout
      self.nextPooler = nextPooler
      self.nextShareBps = nextShareBps
    }
  }
}
