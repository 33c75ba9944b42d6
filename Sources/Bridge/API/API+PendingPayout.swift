extension API {
  /// A payout address that waits for its delay.
  package struct PendingPayout: Hashable, Sendable, Codable {
    package var address: String
    package var effectiveAt: Timestamp

    package init(address: String, effectiveAt: Timestamp) {
      self.address = address
      self.effectiveAt = effectiveAt
    }
  }
}
