extension API {
  /// The steps of leaving, in order.
  package enum LeavingPhase: String, Hashable, Sendable, Codable, CaseIterable {
    /// No plant from the next block on; the open block is worked.
    case requested
    /// The open block is closed; what is left is harvested.
    case harvesting
    /// Settlement waits: the payout address cannot receive. Nothing expires.
    case held
    /// The split is being paid: it cannot be called off any more.
    case settling
    /// Paid; the wallet is being closed.
    case closing
  }
}
