extension API {
  /// A single-use token that lets one agent enrol. Shown once.
  package struct EnrolmentToken: Hashable, Sendable, Codable {
    package var token: String
    package var expiresAt: Timestamp

    package init(token: String, expiresAt: Timestamp) {
      self.token = token
      self.expiresAt = expiresAt
    }
  }
}
