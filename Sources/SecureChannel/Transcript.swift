import Bytes
import Sodium

/// The running hash over the handshake: `h₀ = B256("FSP1 transcript" ‖ S)`,
/// `hₙ = B256(hₙ₋₁ ‖ message n)`.
struct Transcript {
  private(set) var hash: [UInt8]

  init(serverKey: Bytes32) {
    hash = Blake2b.hash(Array("FSP1 transcript".utf8) + serverKey.bytes)
  }

  mutating func mix(_ message: [UInt8]) { hash = Blake2b.hash(hash + message) }
}
