extension API {
  /// Where a farmer stands.
  package enum FarmerStatus: String, Hashable, Sendable, Codable, CaseIterable {
    /// The wallet is being made.
    case registered
    /// The wallet needs XLM before it exists on chain.
    case awaitingXLM
    /// XLM came; the KALE trustline is being set. Not yet safe to send KALE.
    case awaitingTrustline
    /// The wallet stands; a pooler is to be chosen.
    case ready
    /// In the pooler's waiting list.
    case waiting
    case farming
    /// By the farmer: nothing is planted, harvests go on.
    case paused
    /// See ``Dashboard/leaving``.
    case leaving
    /// Everything is paid out; the farmer may join again.
    case departed
  }
}
