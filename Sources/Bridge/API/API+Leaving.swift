extension API {
  /// A leave under way.
  package struct Leaving: Hashable, Sendable, Codable {
    package var phase: LeavingPhase
    package var requestedAt: Timestamp
    /// Blocks still to be harvested.
    package var blocksToHarvest: Int
    /// Until settlement begins.
    package var canCallOff: Bool
    /// What it waits for, in plain words.
    package var note: String?

    package init(
      phase: LeavingPhase, requestedAt: Timestamp, blocksToHarvest: Int, canCallOff: Bool,
      note: String? = nil
    ) {
      self.phase = phase
      self.requestedAt = requestedAt
      self.blocksToHarvest = blocksToHarvest
      self.canCallOff = canCallOff
      self.note = note
    }
  }
}
