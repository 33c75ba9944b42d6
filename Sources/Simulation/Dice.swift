import Bytes

/// All chance of a simulation: SplitMix64 (Steele, Lea, Flood 2014), the same numbers from the same
/// seed in every process.
package struct Dice: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(state)
  }

  static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// True with probability `p`.
  mutating func chance(_ p: Double) -> Bool {
    p > 0 && Double(next() >> 11) * 0x1p-53 < p
  }

  mutating func int(_ range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  mutating func pick<T>(_ items: [T]) -> T? {
    items.isEmpty ? nil : items[Int(next() % UInt64(items.count))]
  }

  mutating func key() -> Bytes32 { Self.key(next(), next(), next(), next()) }

  /// Thirty-two bytes made of four words.
  static func key(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) -> Bytes32 {
    let bytes = [a, b, c, d].flatMap { word in
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
    guard let key = Bytes32(bytes) else { preconditionFailure("four words are 32 bytes") }
    return key
  }
}
