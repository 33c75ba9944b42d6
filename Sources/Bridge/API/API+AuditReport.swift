extension API {
  /// Every wallet's books against the chain.
  package struct AuditReport: Hashable, Sendable, Codable {
    package var at: Timestamp
    package var ledger: UInt32
    package var walletsChecked: Int
    package var differences: [AuditDifference]

    package init(
      at: Timestamp, ledger: UInt32, walletsChecked: Int, differences: [AuditDifference]
    ) {
      self.at = at
      self.ledger = ledger
      self.walletsChecked = walletsChecked
      self.differences = differences
    }
  }
}
