/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed in every process.
package struct SplitMix: RandomNumberGenerator, Sendable {
  package private(set) var state: UInt64

  /// A ``state`` as seed goes on from there.
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(state)
  }

  /// Spreads a word's bits over all 64.
  package static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
