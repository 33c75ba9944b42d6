extension [UInt8] {
  mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }

  /// The unsigned big-endian number at `offset`, which the caller has checked to be there.
  func bigEndian<T: FixedWidthInteger>(at offset: Int, as: T.Type = T.self) -> T {
    var value: T = 0
    for at in offset..<offset + T.bitWidth / 8 { value = value << 8 | T(self[at]) }
    return value
  }
}

extension ArraySlice<UInt8> {
  /// Padding is up to half of a record, so this looks at eight bytes at a time.
  var isAllZero: Bool {
    withUnsafeBytes { bytes in
      var at = 0
      var seen: UInt64 = 0
      while at + 8 <= bytes.count {
        seen |= bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        at += 8
      }
      while at < bytes.count {
        seen |= UInt64(bytes[at])
        at += 1
      }
      return seen == 0
    }
  }

  /// The number at `offset` from the start.
  func bigEndian<T: FixedWidthInteger>(at offset: Int, as: T.Type = T.self) -> T {
    var value: T = 0
    let start = startIndex + offset
    for at in start..<start + T.bitWidth / 8 { value = value << 8 | T(self[at]) }
    return value
  }
}
