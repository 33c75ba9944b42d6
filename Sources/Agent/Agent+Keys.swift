import Bytes
import FramedRPC
import Logging
import PoolProtocol
import RPCTransport
import SecureChannel
import Synchronization

/// Keys that change while the agent runs: its own next one, and the coordinator's.
extension Agent {
  /// Pins what the coordinator announces; then waits for a next key of our own to offer, and ends
  /// when one was, so that it comes into use.
  func keepKeys(_ route: Route) async throws {
    try await pinAnnounced(route)
    while true {
      if let next = keyFile({ try keys.withLock { try $0.next() } }) {
        if try await offer(next, route.session) { return }
      }
      try await Task.sleep(for: settings.reportInterval)
    }
  }

  private func pinAnnounced(_ route: Route) async throws(RPCError) {
    let address = settings.coordinators[route.coordinator]
    let announced: [Bytes32]
    do {
      announced = try await route.session.call(Control.serverKeys, ServerKeysRequest()).keys
    } catch {
      // A coordinator of before has one key and nothing to say.
      if error.code == .unimplemented { return }
      throw error
    }
    let new = keyFile { try pins.withLock { try $0.add(announced, of: address) } } ?? []
    for key in new {
      logger.info(
        "the coordinator announced its next key",
        metadata: [
          "coordinator": "\(address)", "key": "\(KeyText.encode(.serverPublic, key.bytes))",
        ])
    }
  }

  /// Whether the coordinator knows the next key now.
  private func offer(_ next: StaticKeyPair, _ session: RPCSession) async throws(RPCError)
    -> Bool
  {
    let serverKey = session.serverKey
    let proof = KeyRotation.make(
      next: next, agentKey: keys.withLock { $0.pair.publicKey }, serverKey: serverKey,
      transcript: session.transcript)
    guard let proof else { return false }
    do {
      _ = try await session.call(Control.rotateKey, RotateKeyRequest(proof: proof))
    } catch {
      if error.code == .unavailable { throw error }
      logger.error("the next key was not taken", metadata: ["reason": "\(error)"])
      return false
    }
    keyFile { try keys.withLock { try $0.markOffered() } }
    logger.info("offered the next key", metadata: ["key": "\(next.publicText)"])
    return true
  }
}
