package import Bytes
import CSodium

/// Ed25519 signatures, as Stellar accounts use them.
package enum Ed25519 {
  /// The public key of a 32-byte seed.
  package static func publicKey(seed: UnsafeBufferPointer<UInt8>) -> Bytes32 {
    withKeyPair(seed: seed) { key, _ in key }
  }

  /// 64 bytes of signature over `message`.
  package static func sign(_ message: [UInt8], seed: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    withKeyPair(seed: seed) { _, secret in
      var signature = [UInt8](repeating: 0, count: 64)
      crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
      return signature
    }
  }

  /// False for a wrong length, a key of small order or a signature that does not hold.
  package static func verify(_ signature: [UInt8], of message: [UInt8], by key: Bytes32) -> Bool {
    Sodium.start()
    return signature.count == 64
      && crypto_sign_verify_detached(signature, message, UInt64(message.count), key.bytes) == 0
  }

  private static func withKeyPair<R>(
    seed: UnsafeBufferPointer<UInt8>, _ body: (Bytes32, [UInt8]) -> R
  ) -> R {
    Sodium.start()
    precondition(seed.count == 32, "an ed25519 seed has 32 bytes")
    var key = [UInt8](repeating: 0, count: 32)
    var secret = [UInt8](repeating: 0, count: 64)
    defer { wipe(&secret) }
    crypto_sign_seed_keypair(&key, &secret, seed.baseAddress!)
    return body(Bytes32(key)!, secret)  // 32 bytes by construction
  }
}

/// A key pair held in the open: for tests, the devnet's well-known accounts and a person's own
/// machine. The pool's custodial keys are sealed instead (see `Custody`).
package struct Ed25519KeyPair: Sendable {
  package let publicKey: Bytes32
  private let seed: SecretBytes

  package init(seed bytes: Bytes32) {
    var seed = bytes.bytes
    self.seed = SecretBytes(moving: &seed)
    publicKey = self.seed.withBytes { Ed25519.publicKey(seed: $0) }
  }

  package init() { self.init(seed: Bytes32(randomBytes(32))!) }  // 32 asked, 32 given

  package func sign(_ message: [UInt8]) -> [UInt8] {
    seed.withBytes { Ed25519.sign(message, seed: $0) }
  }
}
