/// The host's order of values, in which maps are kept: by type number, then by value.
extension SCVal: Comparable {
  package static func < (a: SCVal, b: SCVal) -> Bool { compare(a, b) < 0 }

  /// A map with its keys in the host's order; keys must differ.
  package static func map(sorting entries: [(SCVal, SCVal)]) -> SCVal {
    let sorted = entries.map { SCMapEntry(key: $0.0, value: $0.1) }.sorted { $0.key < $1.key }
    precondition(
      zip(sorted, sorted.dropFirst()).allSatisfy { $0.key != $1.key }, "a map's keys differ")
    return .map(sorted)
  }

  /// Negative, zero or positive as `a` stands before, with or after `b`.
  private static func compare(_ a: SCVal, _ b: SCVal) -> Int {
    switch (a, b) {
    case (.bool(let a), .bool(let b)): order(a ? 1 : 0, b ? 1 : 0)
    case (.u32(let a), .u32(let b)): order(a, b)
    case (.i32(let a), .i32(let b)): order(a, b)
    case (.u64(let a), .u64(let b)), (.timepoint(let a), .timepoint(let b)),
      (.duration(let a), .duration(let b)):
      order(a, b)
    case (.i64(let a), .i64(let b)), (.ledgerKeyNonce(let a), .ledgerKeyNonce(let b)): order(a, b)
    case (.u128(let a), .u128(let b)): order(a, b)
    case (.i128(let a), .i128(let b)): order(a, b)
    case (.i256(let a), .i256(let b)) where a.words[0] != b.words[0]:
      order(Int64(bitPattern: a.words[0]), Int64(bitPattern: b.words[0]))
    case (.bytes(let a), .bytes(let b)), (.string(let a), .string(let b)),
      (.executableTag(let a), .executableTag(let b)):
      order(bytes: a, b)
    case (.symbol(let a), .symbol(let b)): order(bytes: Array(a.utf8), Array(b.utf8))
    case (.vec(let a), .vec(let b)): order(list: a, b)
    case (.map(let a), .map(let b)):
      order(list: a.flatMap { [$0.key, $0.value] }, b.flatMap { [$0.key, $0.value] })
    default:
      // Types first; of equal types the rest has XDR whose bytes stand in the value's order.
      order(bytes: a.xdr, b.xdr)
    }
  }

  private static func order<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a == b ? 0 : 1 }

  private static func order(bytes a: [UInt8], _ b: [UInt8]) -> Int {
    a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
  }

  private static func order(list a: [SCVal], _ b: [SCVal]) -> Int {
    for (a, b) in zip(a, b) {
      let result = compare(a, b)
      if result != 0 { return result }
    }
    return order(a.count, b.count)
  }
}
