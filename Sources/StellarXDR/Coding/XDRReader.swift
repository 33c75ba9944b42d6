package import Bytes

/// Reads XDR (RFC 4506): big-endian, in units of four bytes. Total: any input gives a value or an
/// ``XDRError``, and no count is believed beyond the bytes that are there.
package struct XDRReader: Sendable {
  /// How deep recursive values (`SCVal`, authorised invocations) may nest. The Soroban host's own
  /// XDR limit is 500, counted in inner types as well, so that nothing valid is refused.
  package static let depthMax = 500

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// How many bytes are left.
  package var left: Int { bytes.count - position }

  /// Throws unless everything was read.
  package func finish() throws(XDRError) {
    guard left == 0 else { throw .trailingBytes(left) }
  }

  package mutating func u32() throws(XDRError) -> UInt32 {
    guard left >= 4 else { throw .truncated(needed: 4, left: left) }
    let at = position
    position += 4
    return UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8
      | UInt32(bytes[at + 3])
  }

  package mutating func i32() throws(XDRError) -> Int32 { Int32(bitPattern: try u32()) }

  package mutating func u64() throws(XDRError) -> UInt64 {
    guard left >= 8 else { throw .truncated(needed: 8, left: left) }
    return UInt64(try u32()) << 32 | UInt64(try u32())
  }

  package mutating func i64() throws(XDRError) -> Int64 { Int64(bitPattern: try u64()) }

  package mutating func bool() throws(XDRError) -> Bool {
    let flag = try u32()
    guard flag <= 1 else { throw .flag(flag) }
    return flag == 1
  }

  /// Opaque data of a fixed length, with its padding.
  package mutating func fixed(_ count: Int) throws(XDRError) -> [UInt8] {
    let padded = (count + 3) & ~3
    guard left >= padded else { throw .truncated(needed: padded, left: left) }
    let data = Array(bytes[position..<position + count])
    for at in position + count..<position + padded where bytes[at] != 0 { throw .padding }
    position += padded
    return data
  }

  package mutating func bytes32() throws(XDRError) -> Bytes32 {
    guard left >= 32 else { throw .truncated(needed: 32, left: left) }
    position += 32
    return Bytes32(bytes[position - 32..<position])!  // 32 bytes by construction
  }

  /// Opaque data or a string of a length that stands before it.
  package mutating func opaque(max: Int = .max) throws(XDRError) -> [UInt8] {
    try fixed(count(max: max, unit: 1))
  }

  package mutating func value<T: XDRCodable>(_: T.Type = T.self) throws(XDRError) -> T {
    try T(from: &self)
  }

  package mutating func optional<T: XDRCodable>(_: T.Type = T.self) throws(XDRError) -> T? {
    try bool() ? T(from: &self) : nil
  }

  package mutating func list<T: XDRCodable>(
    max: Int = .max, _: T.Type = T.self
  ) throws(XDRError) -> [T] {
    var items: [T] = []
    for _ in 0..<(try count(max: max, unit: 4)) { items.append(try T(from: &self)) }
    return items
  }

  /// A discriminant or enum value; `type` names it in the error.
  package mutating func choice<T: RawRepresentable<Int32>>(
    _ type: T.Type = T.self
  ) throws(XDRError) -> T {
    let raw = try i32()
    guard let known = T(rawValue: raw) else {
      throw .unknownArm(type: "\(type)", value: raw)
    }
    return known
  }

  /// The `ext` of a type whose only known extension is none.
  package mutating func noExtension(of type: String) throws(XDRError) {
    let raw = try i32()
    guard raw == 0 else { throw .unknownArm(type: "\(type) ext", value: raw) }
  }

  /// Reads one level of a recursive value.
  package mutating func nested<T>(
    _ body: (inout XDRReader) throws(XDRError) -> T
  ) throws(XDRError) -> T {
    guard depth < Self.depthMax else { throw .tooDeep }
    depth += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  /// The count before items of at least four bytes each, for lists that are read by hand.
  package mutating func itemCount() throws(XDRError) -> Int { try count(max: .max, unit: 4) }

  /// A count of items that take at least `unit` bytes each.
  private mutating func count(max: Int, unit: Int) throws(XDRError) -> Int {
    let count = Int(try u32())
    guard count <= max else { throw .tooLong(count: count, max: max) }
    guard count <= left / unit else { throw .countBeyondInput(count: count, left: left) }
    return count
  }
}
