extension [UInt8] {
  mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
    for shift in stride(from: T.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> T(shift)))
    }
  }

  /// The unsigned big-endian number at `offset`, which the caller has checked to be there.
  func bigEndian<T: FixedWidthInteger>(at offset: Int, as: T.Type = T.self) -> T {
    self[offset..<offset + T.bitWidth / 8].reduce(0) { $0 << 8 | T($1) }
  }

  /// Zeros up to `count` bytes.
  mutating func pad(to count: Int) {
    precondition(self.count <= count)
    append(contentsOf: repeatElement(0, count: count - self.count))
  }
}

/// Texts of fixed length: UTF-8 without control characters, zero-padded.
enum TextField {
  static let bytes = 32

  /// `text` cut at a character's border where it is too long; control characters are left out.
  static func encode(_ text: String) -> [UInt8] {
    var out: [UInt8] = []
    for character in text {
      if character.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
        continue
      }
      let utf8 = Array(String(character).utf8)
      guard out.count + utf8.count <= bytes else { break }
      out += utf8
    }
    out.pad(to: bytes)
    return out
  }

  /// The text, or `?` where a peer sent what no log should print.
  static func decode(_ field: some Collection<UInt8>) -> String {
    let content = field.prefix { $0 != 0 }
    guard field.dropFirst(content.count).allSatisfy({ $0 == 0 }),
      let text = String(validating: content, as: UTF8.self),
      !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return "?" }
    return text
  }
}
