/// Thirty-two bytes with value meaning: a key, a hash, an entropy, a contract id.
///
/// Ordered bytewise, printed as lower-case hex. Never a secret: secrets have their own types.
package struct Bytes32: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The bytes as four big-endian words, so that comparing words compares bytes.
  var words: (UInt64, UInt64, UInt64, UInt64)

  /// Nil unless `bytes` has exactly 32 elements.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var position = 0
    for byte in bytes {
      switch position >> 3 {
      case 0: words.0 = words.0 << 8 | UInt64(byte)
      case 1: words.1 = words.1 << 8 | UInt64(byte)
      case 2: words.2 = words.2 << 8 | UInt64(byte)
      default: words.3 = words.3 << 8 | UInt64(byte)
      }
      position += 1
    }
    self.words = words
  }

  /// Nil unless `hex` is 64 hex digits.
  package init?(hex: String) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes)
  }

  package static let zero = Bytes32(words: (0, 0, 0, 0))

  init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

  package var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      var at = 0
      for word in [words.0, words.1, words.2, words.3] {
        for shift in stride(from: 56, through: 0, by: -8) {
          buffer[at] = UInt8(truncatingIfNeeded: word >> UInt64(shift))
          at += 1
        }
      }
      count = 32
    }
  }

  package var description: String { Hex.encode(bytes) }

  package static func == (a: Bytes32, b: Bytes32) -> Bool { a.words == b.words }

  package static func < (a: Bytes32, b: Bytes32) -> Bool { a.words < b.words }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}
