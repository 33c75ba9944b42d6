package import Bytes

extension Bytes32 {
  /// Whether these bytes, as a little-endian number, lie below 2^255 − 19.
  ///
  /// X25519 ignores the top bit and reduces the rest, so that without this check one secret would
  /// have several names. Source: PROTOCOL.md, "Keys".
  package var isCanonicalPublicKey: Bool {
    let bytes = self.bytes
    if bytes[31] & 0x80 != 0 { return false }
    guard bytes[31] == 0x7F, bytes[1..<31].allSatisfy({ $0 == 0xFF }) else { return true }
    return bytes[0] < 0xED
  }
}
