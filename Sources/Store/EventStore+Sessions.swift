package import Bytes
import Postgres

/// Log-in sessions, in an ordinary table.
extension EventStore {
  /// Stores a session, and drops those that had expired when it began.
  package func insert(_ session: SessionRow) async throws(StoreError) {
    _ = try await read([
      PostgresStatement(
        "DELETE FROM http_sessions WHERE expires_at < $1", [.int(session.createdAt)],
        isReused: true),
      PostgresStatement(
        """
        INSERT INTO http_sessions (token_hash, farmer, created_at, expires_at)
        VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
        """,
        [
          .bytes(session.tokenHash.bytes), .int(session.farmer), .int(session.createdAt),
          .int(session.expiresAt),
        ], isReused: true),
    ])
  }

  /// The session of a token, expired or not; nil where there is none.
  package func session(tokenHash: Bytes32) async throws(StoreError) -> SessionRow? {
    let rows = try await read([
      PostgresStatement(
        "SELECT farmer, created_at, expires_at FROM http_sessions WHERE token_hash = $1",
        [.bytes(tokenHash.bytes)], isReused: true)
    ])[0]
    guard let row = rows.first else { return nil }
    do throws(PostgresError) {
      return SessionRow(
        tokenHash: tokenHash, farmer: try row.int(0), createdAt: try row.int(1),
        expiresAt: try row.int(2))
    } catch { throw StoreError(error, while: "a session cannot be read") }
  }

  package func deleteSession(tokenHash: Bytes32) async throws(StoreError) {
    _ = try await read([
      PostgresStatement(
        "DELETE FROM http_sessions WHERE token_hash = $1", [.bytes(tokenHash.bytes)],
        isReused: true)
    ])
  }

  /// Ends all of a farmer's sessions.
  package func deleteSessions(farmer: Int64) async throws(StoreError) {
    _ = try await read([
      PostgresStatement(
        "DELETE FROM http_sessions WHERE farmer = $1", [.int(farmer)], isReused: true)
    ])
  }
}
