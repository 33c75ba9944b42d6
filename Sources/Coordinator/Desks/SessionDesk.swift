package import Bridge
package import Bytes
package import Store

/// Log-in sessions, kept in the database so that they outlive the process.
package struct SessionDesk: SessionStore {
  private let store: EventStore

  package init(store: EventStore) { self.store = store }

  package func insert(_ session: StoredSession) async throws {
    try await store.insert(
      SessionRow(
        tokenHash: session.tokenHash, farmer: session.farmer.rawValue,
        createdAt: session.createdAt.unixSeconds, expiresAt: session.expiresAt.unixSeconds))
  }

  package func find(tokenHash: Bytes32) async throws -> StoredSession? {
    guard let row = try await store.session(tokenHash: tokenHash) else { return nil }
    return StoredSession(
      tokenHash: row.tokenHash, farmer: API.FarmerID(rawValue: row.farmer),
      createdAt: API.Timestamp(unixSeconds: row.createdAt),
      expiresAt: API.Timestamp(unixSeconds: row.expiresAt))
  }

  package func delete(tokenHash: Bytes32) async throws {
    try await store.deleteSession(tokenHash: tokenHash)
  }

  package func deleteAll(farmer: API.FarmerID) async throws {
    try await store.deleteSessions(farmer: farmer.rawValue)
  }
}
