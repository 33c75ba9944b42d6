import Bytes

/// Bytes that cost a parser more than they weigh, and nearly sound ones, from one seed.
struct HostileBytes {
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  static let kinds = 9

  /// One message; `kind` says what is wrong with it. `template` is a sound message of the same type.
  mutating func make(_ kind: Int, template: [UInt8], bytesMax: Int) -> [UInt8] {
    switch kind {
    case 0: nested(levels: Int(next() % 400) + 1, bytesMax)
    case 1: repeated([[0x12, 0x00]], bytesMax)  // Empty messages of field 2.
    case 2: repeated([[0x32, 0x00]], bytesMax)  // Of field 6: texts here, assignments in a set.
    case 3: repeated((20..<40).map { Self.varint($0 << 3) + [0x01] }, bytesMax)  // Unknown.
    case 4: packed(field: [3, 4, 5, 12][Int(next() % 4)], bytesMax)
    case 5: overlong(template)
    case 6: repeated([template], bytesMax)  // Merged, as proto3 says.
    case 7: mutated(template)
    default: noise(bytesMax)
    }
  }

  mutating func next() -> UInt64 { random.next() }

  /// Messages in field 1, each in the one before.
  private mutating func nested(levels: Int, _ bytesMax: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<levels {
      let outer = [0x0A] + Self.varint(UInt64(bytes.count)) + bytes
      if outer.count > bytesMax { break }
      bytes = outer
    }
    return bytes
  }

  private mutating func repeated(_ parts: [[UInt8]], _ bytesMax: Int) -> [UInt8] {
    let wanted = size(bytesMax)
    var bytes: [UInt8] = []
    while true {
      let part = parts[Int(next() % UInt64(parts.count))]
      guard !part.isEmpty, bytes.count + part.count <= wanted else { return bytes }
      bytes += part
    }
  }

  private mutating func packed(field: UInt64, _ bytesMax: Int) -> [UInt8] {
    let count = max(0, size(bytesMax) - 6)
    let byte: UInt8 = next() % 8 == 0 ? 0x80 : 0
    return Self.varint(field << 3 | 2) + Self.varint(UInt64(count))
      + [UInt8](repeating: byte, count: count)
  }

  /// A number of more bytes than its value needs, somewhere.
  private mutating func overlong(_ template: [UInt8]) -> [UInt8] {
    var bytes = template
    let at = bytes.isEmpty ? 0 : Int(next() % UInt64(bytes.count))
    let filler = [UInt8](repeating: 0x80 | UInt8(next() % 128), count: Int(next() % 12))
    bytes.insert(contentsOf: filler, at: at)
    return bytes
  }

  private mutating func mutated(_ template: [UInt8]) -> [UInt8] {
    var bytes = template
    for _ in 0...next() % 4 {
      guard !bytes.isEmpty else { break }
      let at = Int(next() % UInt64(bytes.count))
      switch next() % 4 {
      case 0: bytes[at] ^= 1 << UInt8(next() % 8)
      case 1: bytes[at] = UInt8(truncatingIfNeeded: next())
      case 2: bytes.removeSubrange(at...)
      default: bytes.insert(contentsOf: bytes[at...].prefix(16), at: at)
      }
    }
    return bytes
  }

  private mutating func noise(_ bytesMax: Int) -> [UInt8] {
    (0..<min(64, size(bytesMax))).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  /// Mostly small, at times the largest allowed.
  private mutating func size(_ bytesMax: Int) -> Int {
    next() % 64 == 0 ? bytesMax : Int(next() % UInt64(min(bytesMax, 2_048))) + 1
  }

  static func varint(_ value: UInt64) -> [UInt8] {
    var value = value
    var bytes: [UInt8] = []
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    return bytes + [UInt8(value)]
  }
}
