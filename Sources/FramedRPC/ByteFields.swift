extension [UInt8] {
  mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
    for shift in stride(from: T.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> T(shift)))
    }
  }

  /// The unsigned big-endian number at `offset`, which the caller has checked to be there.
  func bigEndian<T: FixedWidthInteger>(at offset: Int, as: T.Type = T.self) -> T {
    var value: T = 0
    for at in offset..<offset + T.bitWidth / 8 { value = value << 8 | T(self[at]) }
    return value
  }
}

extension ArraySlice<UInt8> {
  /// The number at `offset` from the start.
  func bigEndian<T: FixedWidthInteger>(at offset: Int, as: T.Type = T.self) -> T {
    var value: T = 0
    let start = startIndex + offset
    for at in start..<start + T.bitWidth / 8 { value = value << 8 | T(self[at]) }
    return value
  }
}
