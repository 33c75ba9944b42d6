package import Bytes

/// A log-in session. No book depends on it: rows come and go.
package struct SessionRow: Sendable, Hashable {
  /// SHA-256 of the token, which only the browser has.
  package var tokenHash: Bytes32
  package var farmer: Int64
  /// Unix seconds.
  package var createdAt: Int64
  package var expiresAt: Int64

  package init(tokenHash: Bytes32, farmer: Int64, createdAt: Int64, expiresAt: Int64) {
    self.tokenHash = tokenHash
    self.farmer = farmer
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }
}
