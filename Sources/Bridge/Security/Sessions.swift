import Bytes
import Sodium

/// Makes, finds and ends log-in sessions. The token is in the browser's cookie, its hash in the
/// store.
struct Sessions: Sendable {
  let store: any SessionStore
  let lifetime: Duration
  /// `Secure` and the `__Host-` prefix: over https only.
  let secure: Bool
  let clock: BridgeClock

  /// `__Host-` binds the cookie to host and path, and is refused by browsers without `Secure`.
  var cookieName: String { secure ? "__Host-kalepool" : "kalepool" }

  /// A new session, and the `Set-Cookie` line that carries its token.
  func open(farmer: API.FarmerID) async throws -> String {
    let token = randomBytes(32)
    let now = clock.now()
    try await store.insert(
      StoredSession(
        tokenHash: sha256(token), farmer: farmer, createdAt: now, expiresAt: now + lifetime))
    return cookie(Hex.encode(token), seconds: lifetime.components.seconds)
  }

  /// The session of a token that is known and has not expired.
  func find(token: String?) async throws -> StoredSession? {
    guard let token, let bytes = Hex.decode(token), bytes.count == 32,
      let session = try await store.find(tokenHash: sha256(bytes)), isLive(session)
    else { return nil }
    return session
  }

  /// Whether a session found earlier still stands.
  func stillStands(_ session: StoredSession) async throws -> Bool {
    guard let found = try await store.find(tokenHash: session.tokenHash) else { return false }
    return isLive(found)
  }

  private func isLive(_ session: StoredSession) -> Bool { session.expiresAt > clock.now() }

  func close(_ session: StoredSession) async throws -> String {
    try await store.delete(tokenHash: session.tokenHash)
    return cookie("", seconds: 0)
  }

  private func cookie(_ value: String, seconds: Int64) -> String {
    "\(cookieName)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
      + (secure ? "; Secure" : "")
  }
}
