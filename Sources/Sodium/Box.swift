package import Bytes
import CSodium

/// `crypto_box` (X25519, XSalsa20-Poly1305) and the symmetric box its shared key goes into.
package enum Box {
  package static let tagBytes = 16
  package static let nonceBytes = 24

  /// The public key of a 32-byte X25519 secret.
  package static func publicKey(secret: [UInt8]) -> Bytes32 {
    Sodium.start()
    precondition(secret.count == 32)
    var key = [UInt8](repeating: 0, count: 32)
    precondition(crypto_scalarmult_base(&key, secret) == 0)
    return Bytes32(key)!  // 32 bytes by construction
  }

  /// The shared key of two ends, or nil for a public key of small order.
  package static func sharedKey(publicKey: Bytes32, secret: [UInt8]) -> [UInt8]? {
    Sodium.start()
    precondition(secret.count == 32)
    var key = [UInt8](repeating: 0, count: 32)
    guard crypto_box_beforenm(&key, publicKey.bytes, secret) == 0 else { return nil }
    return key
  }

  /// Tag and cipher text of `plain`; `key` and `nonce` must never come together twice.
  package static func seal(_ plain: [UInt8], nonce: [UInt8], key: [UInt8]) -> [UInt8] {
    precondition(nonce.count == nonceBytes && key.count == 32)
    return [UInt8](unsafeUninitializedCapacity: plain.count + tagBytes) { buffer, count in
      crypto_box_easy_afternm(buffer.baseAddress!, plain, UInt64(plain.count), nonce, key)
      count = plain.count + tagBytes
    }
  }

  /// Seals where it lies: `box` is room for the tag, then the plain text from `start` to its end.
  package static func seal(
    inPlace box: inout [UInt8], from start: Int, nonce: [UInt8], key: [UInt8]
  ) {
    precondition(nonce.count == nonceBytes && key.count == 32)
    precondition(start >= 0 && box.count - start >= tagBytes)
    box.withUnsafeMutableBufferPointer { box in
      let tag = box.baseAddress! + start  // Not empty: it has the tag.
      let text = tag + tagBytes
      crypto_box_detached_afternm(
        text, tag, text, UInt64(box.count - start - tagBytes), nonce, key)
    }
  }

  /// Opens where it lies: the plain text then follows the tag. False, and nothing changed, where
  /// the tag does not hold.
  package static func open(inPlace box: inout [UInt8], nonce: [UInt8], key: [UInt8]) -> Bool {
    precondition(nonce.count == nonceBytes && key.count == 32)
    return box.withUnsafeMutableBufferPointer { box in
      guard box.count >= tagBytes, let tag = box.baseAddress else { return false }
      let text = tag + tagBytes
      return crypto_box_open_detached_afternm(
        text, text, tag, UInt64(box.count - tagBytes), nonce, key) == 0
    }
  }

  /// The plain text, or nil where the tag does not hold.
  package static func open(_ sealed: some Collection<UInt8>, nonce: [UInt8], key: [UInt8])
    -> [UInt8]?
  {
    precondition(nonce.count == nonceBytes && key.count == 32)
    let sealed = Array(sealed)
    guard sealed.count >= tagBytes else { return nil }
    var good = false
    let plain = [UInt8](unsafeUninitializedCapacity: sealed.count - tagBytes) { buffer, count in
      good =
        crypto_box_open_easy_afternm(
          buffer.baseAddress!, sealed, UInt64(sealed.count), nonce, key) == 0
      count = good ? sealed.count - tagBytes : 0
    }
    return good ? plain : nil
  }
}
