import Bytes
import Sodium

/// What a completed handshake leaves: a key for each direction, and the session's name.
package struct SessionKeys: Sendable {
  package let agentToServer: [UInt8]
  package let serverToAgent: [UInt8]
  /// h₄: names this session in proofs made within it.
  package let transcript: [UInt8]

  init(
    kee: [UInt8], kes: [UInt8], kse: [UInt8], serverKey: Bytes32, agentKey: Bytes32,
    transcript: [UInt8]
  ) {
    var message = Array("FSP1 session".utf8)
    for part in [kes, kse, serverKey.bytes, agentKey.bytes, transcript] { message += part }
    var both = Blake2b.hash(message, key: kee, count: 64)
    wipe(&message)
    agentToServer = Array(both[0..<32])
    serverToAgent = Array(both[32..<64])
    self.transcript = transcript
    wipe(&both)
  }
}
