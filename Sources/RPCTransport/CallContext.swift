package import Bytes
package import FramedRPC
import SecureChannel

/// What a handler knows of its call. The call's cancellation is its task's cancellation.
package struct CallContext: Sendable {
  package let session: AgentSession
  package let method: MethodInfo
  package let deadline: ContinuousClock.Instant?
  /// Sixteen bytes, or empty.
  package let requestID: [UInt8]
  package let metadata: [Headers.Entry]
  let serverKeys: [StaticKeyPair]

  package var agentKey: Bytes32 { session.agentKey }

  /// The server's public keys, the one in use first and the next one, if any, after it.
  package var publicKeys: [Bytes32] { serverKeys.map(\.publicKey) }

  /// The agent's next key, or nil where the proof does not hold for this session.
  package func nextKey(provedBy rotation: [UInt8]) -> Bytes32? {
    guard let key = serverKeys.first(where: { $0.publicKey == session.serverKey }) else {
      return nil
    }
    return KeyRotation.verify(
      rotation, agentKey: agentKey, serverKey: key, transcript: session.transcript)
  }
}
