extension API {
  /// What logging in is checked against.
  package struct Credentials: Hashable, Sendable {
    package var farmer: FarmerID
    package var handle: String
    /// Argon2id, in libsodium's text form.
    package var passwordHash: String

    package init(farmer: FarmerID, handle: String, passwordHash: String) {
      self.farmer = farmer
      self.handle = handle
      self.passwordHash = passwordHash
    }
  }
}
