extension API {
  /// The pool's money in totals.
  package struct MoneySummary: Hashable, Sendable, Codable {
    package var farmers: Int
    package var balances: [BookBalance]
    /// Nil before the first audit.
    package var auditedAt: Timestamp?
    /// Of the last audit; there must be none.
    package var auditDifferences: Int?

    package init(
      farmers: Int, balances: [BookBalance], auditedAt: Timestamp? = nil,
      auditDifferences: Int? = nil
    ) {
      self.farmers = farmers
      self.balances = balances
      self.auditedAt = auditedAt
      self.auditDifferences = auditDifferences
    }
  }
}
