import CSodium

/// XChaCha20-Poly1305 with associated data, for secrets at rest.
package enum AEAD {
  package static let keyBytes = 32
  package static let nonceBytes = 24
  package static let tagBytes = 16

  /// A fresh random nonce, then cipher text and tag.
  package static func seal(
    _ plain: UnsafeBufferPointer<UInt8>, key: UnsafeBufferPointer<UInt8>, associated: [UInt8]
  ) -> [UInt8] {
    precondition(key.count == keyBytes)
    let nonce = randomBytes(nonceBytes)
    var sealed = [UInt8](repeating: 0, count: plain.count + tagBytes)
    crypto_aead_xchacha20poly1305_ietf_encrypt(
      &sealed, nil, plain.baseAddress, UInt64(plain.count), associated, UInt64(associated.count),
      nil, nonce, key.baseAddress!)
    return nonce + sealed
  }

  /// The plain text, which the caller wipes; nil where key, bytes or associated data are wrong.
  package static func open(
    _ sealed: [UInt8], key: UnsafeBufferPointer<UInt8>, associated: [UInt8]
  ) -> [UInt8]? {
    Sodium.start()
    precondition(key.count == keyBytes)
    guard sealed.count >= nonceBytes + tagBytes else { return nil }
    let cipher = Array(sealed[nonceBytes...])
    var plain = [UInt8](repeating: 0, count: cipher.count - tagBytes)
    let status = crypto_aead_xchacha20poly1305_ietf_decrypt(
      &plain, nil, nil, cipher, UInt64(cipher.count), associated, UInt64(associated.count),
      Array(sealed[..<nonceBytes]), key.baseAddress!)
    return status == 0 ? plain : nil
  }
}
