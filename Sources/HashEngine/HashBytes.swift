package import Bytes

/// A hash on the stack: what the search loop works with, since an array would allocate.
package struct HashBytes: Sendable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  mutating func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) -> R) -> R {
    Swift.withUnsafeMutableBytes(of: &words, body)
  }

  /// Leading hex zeros, 0 … 64. Source: the KALE contract counts two for a zero byte, one more for a
  /// byte below 16, and stops there.
  package var zeros: Int {
    var count = 0
    for at in 0..<4 {
      let word = at == 0 ? words.0 : at == 1 ? words.1 : at == 2 ? words.2 : words.3
      let zeros = word.bigEndian.leadingZeroBitCount / 4
      count += zeros
      if zeros < 16 { break }
    }
    return count
  }

  /// The first eight bytes, the first one lowest.
  var beginning: UInt64 { words.0.littleEndian }

  package var bytes32: Bytes32 {
    let value = withUnsafeBytes(of: words) { Bytes32($0) }
    guard let value else { preconditionFailure("a hash has 32 bytes") }
    return value
  }
}
