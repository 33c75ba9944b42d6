package import Bytes
import Sodium

/// The proof by which an agent names its next key within a session: it holds that key's secret,
/// and means this session.
package enum KeyRotation {
  package static let bytes = 128

  /// `C₂ ‖ tail ‖ Box(C₂→S, FSP1ROTA ‖ tail)[C, h₄]`, or nil for a server key of small order.
  package static func make(
    next: StaticKeyPair, agentKey: Bytes32, serverKey: Bytes32, transcript: [UInt8]
  ) -> [UInt8]? {
    make(
      next: next, agentKey: agentKey, serverKey: serverKey, transcript: transcript,
      nonce: randomBytes(16))
  }

  static func make(
    next: StaticKeyPair, agentKey: Bytes32, serverKey: Bytes32, transcript: [UInt8],
    nonce: [UInt8]
  ) -> [UInt8]? {
    guard var key = next.sharedKey(with: serverKey) else { return nil }
    defer { wipe(&key) }
    let proof = Box.seal(
      agentKey.bytes + transcript, nonce: BoxLabel.rotation.nonce(nonce), key: key)
    return next.publicKey.bytes + nonce + proof
  }

  /// The agent's next key, or nil where the proof does not hold.
  package static func verify(
    _ rotation: [UInt8], agentKey: Bytes32, serverKey: StaticKeyPair, transcript: [UInt8]
  ) -> Bytes32? {
    guard rotation.count == bytes, let next = Bytes32(rotation[0..<32]),
      next.isCanonicalPublicKey, var key = serverKey.sharedKey(with: next)
    else { return nil }
    defer { wipe(&key) }
    let nonce = BoxLabel.rotation.nonce(rotation[32..<48])
    guard let proof = Box.open(rotation[48...], nonce: nonce, key: key),
      equalInConstantTime(proof, agentKey.bytes + transcript)
    else { return nil }
    return next
  }
}
