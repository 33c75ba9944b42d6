/// Base32 without padding (RFC 4648 §6), upper case only, strict in decoding.
package enum Base32 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  package static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    var buffer: UInt32 = 0
    var bits: UInt32 = 0
    for byte in bytes {
      buffer = buffer << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(alphabet[Int(buffer >> bits & 31)])
        buffer &= (1 << bits) - 1
      }
    }
    if bits > 0 { text.append(alphabet[Int(buffer << (5 - bits) & 31)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil for other characters (also `=` and lower case), an impossible length, or unused bits that
  /// are not zero.
  package static func decode(_ text: String) -> [UInt8]? {
    let letters = Array(text.utf8)
    guard ![1, 3, 6].contains(letters.count % 8) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(letters.count * 5 / 8)
    var buffer: UInt32 = 0
    var bits: UInt32 = 0
    for letter in letters {
      let value: UInt8
      switch letter {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = letter - UInt8(ascii: "A")
      case UInt8(ascii: "2")...UInt8(ascii: "7"): value = letter - UInt8(ascii: "2") + 26
      default: return nil
      }
      buffer = buffer << 5 | UInt32(value)
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
        buffer &= (1 << bits) - 1
      }
    }
    return buffer == 0 ? bytes : nil
  }
}
