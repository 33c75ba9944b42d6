extension API {
  /// A farmer's confirmed wish to leave; the password was asked again.
  package struct LeaveRequest: Hashable, Sendable {
    /// Wait for a changed payout address instead of paying the one in force.
    package var waitForPendingPayout: Bool

    package init(waitForPendingPayout: Bool) {
      self.waitForPendingPayout = waitForPendingPayout
    }
  }
}
