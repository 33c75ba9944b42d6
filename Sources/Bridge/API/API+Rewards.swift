extension API {
  /// Rewards, newest first, with totals.
  package struct Rewards: Hashable, Sendable, Codable {
    /// Ever.
    package var total: Amount
    /// What a leave would split.
    package var sinceJoining: Amount
    /// The pooler's share agreed; 0 before joining.
    package var shareBps: Int
    package var rows: [RewardRow]
    /// Pass as `before` for the next page; nil at the end.
    package var next: UInt32?

    package init(
      total: Amount, sinceJoining: Amount, shareBps: Int, rows: [RewardRow], next: UInt32? = nil
    ) {
      self.total = total
      self.sinceJoining = sinceJoining
      self.shareBps = shareBps
      self.rows = rows
      self.next = next
    }
  }
}
