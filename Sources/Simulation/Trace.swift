import Bytes

/// A running hash of everything that happens, the same in every process.
struct Trace: Sendable {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func mix(_ word: UInt64) { value = SplitMix.mix(value ^ word) &+ 0x9e37_79b9_7f4a_7c15 }

  mutating func mix(_ word: Int64) { mix(UInt64(bitPattern: word)) }

  mutating func mix(_ key: Bytes32) {
    for byte in key.bytes.prefix(8) { mix(UInt64(byte)) }
  }

  mutating func mix(_ text: String) {
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  }
}
