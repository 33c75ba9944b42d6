package import Bytes

/// A log-in session as it is stored: the token itself is only in the browser's cookie.
package struct StoredSession: Hashable, Sendable {
  /// SHA-256 of the 32 random bytes of the token.
  package var tokenHash: Bytes32
  package var farmer: API.FarmerID
  package var createdAt: API.Timestamp
  package var expiresAt: API.Timestamp

  package init(
    tokenHash: Bytes32, farmer: API.FarmerID, createdAt: API.Timestamp, expiresAt: API.Timestamp
  ) {
    self.tokenHash = tokenHash
    self.farmer = farmer
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }
}

/// Where sessions live, so that they survive a restart and can be revoked.
///
/// The bridge itself checks `expiresAt`; the store may drop expired sessions whenever it likes.
package protocol SessionStore: Sendable {
  func insert(_ session: StoredSession) async throws
  func find(tokenHash: Bytes32) async throws -> StoredSession?
  func delete(tokenHash: Bytes32) async throws
  /// Ends every session of a farmer (a changed password).
  func deleteAll(farmer: API.FarmerID) async throws
}
