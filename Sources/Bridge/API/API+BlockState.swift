extension API {
  /// How far a farmer's block has come.
  package enum BlockState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Not planted; the note says why. No stake was at risk.
    case missed
    /// Sent, not confirmed.
    case planting
    /// Confirmed; being hashed.
    case planted
    /// Work is on chain; not harvestable or not due yet.
    case worked
    case harvested
    /// Stake lost; the note says who pays.
    case lost
  }
}
