package import Bytes
package import Sodium

/// A signature with the last four bytes of the key that made it.
package struct DecoratedSignature: XDRCodable {
  package var hint: [UInt8]
  package var signature: [UInt8]

  package init(hint: [UInt8], signature: [UInt8]) {
    precondition(hint.count == 4 && signature.count <= 64)
    self.hint = hint
    self.signature = signature
  }

  /// The signature of a key's owner.
  package init(key: Bytes32, signature: [UInt8]) {
    self.init(hint: Array(key.bytes.suffix(4)), signature: signature)
  }

  /// Signs a transaction's hash.
  package init(signing hash: Bytes32, with pair: Ed25519KeyPair) {
    self.init(key: pair.publicKey, signature: pair.sign(hash.bytes))
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    hint = try reader.fixed(4)
    signature = try reader.opaque(max: 64)
  }

  package func encode(to writer: inout XDRWriter) {
    writer.fixed(hint)
    writer.opaque(signature)
  }

  /// Whether `key` made this over `hash`.
  package func isValid(for hash: Bytes32, by key: Bytes32) -> Bool {
    hint == Array(key.bytes.suffix(4)) && Ed25519.verify(signature, of: hash.bytes, by: key)
  }
}
