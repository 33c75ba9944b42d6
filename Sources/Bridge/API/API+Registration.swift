extension API {
  /// A new farmer, checked in form by the bridge; the service checks the payout address.
  package struct Registration: Hashable, Sendable {
    /// Log-in name: lower case, 3...64 of `a-z 0-9 . _ + - @`.
    package var handle: String
    /// Argon2id, in libsodium's text form. The password itself stays in the bridge.
    package var passwordHash: String
    /// Where everything is paid on leaving, as typed: G…, C… or M….
    package var payoutAddress: String
    /// The version of the custody notice that was shown and accepted.
    package var custodyNotice: String
    /// When.
    package var acceptedAt: Timestamp

    package init(
      handle: String, passwordHash: String, payoutAddress: String, custodyNotice: String,
      acceptedAt: Timestamp
    ) {
      self.handle = handle
      self.passwordHash = passwordHash
      self.payoutAddress = payoutAddress
      self.custodyNotice = custodyNotice
      self.acceptedAt = acceptedAt
    }
  }
}
