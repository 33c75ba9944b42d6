import Bytes

/// All chance of a simulation: the same numbers from the same seed in every process.
package struct Dice: RandomNumberGenerator, Sendable {
  private var generator: SplitMix

  package init(seed: UInt64) { generator = SplitMix(seed: seed) }

  package mutating func next() -> UInt64 { generator.next() }

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
