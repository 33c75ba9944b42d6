extension API {
  /// In, or in the waiting list.
  package enum MembershipState: String, Hashable, Sendable, Codable, CaseIterable {
    case joined
    case waiting
  }
}
