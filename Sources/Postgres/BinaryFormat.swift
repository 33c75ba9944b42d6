/// PostgreSQL's binary formats of parameters and fields.
///
/// Source: PostgreSQL 15, the `*_send` and `*_recv` functions under `src/backend/utils/adt`.
enum BinaryFormat {
  /// Microseconds from 1970-01-01 to PostgreSQL's epoch, 2000-01-01.
  static let epochMicroseconds: Int64 = 946_684_800_000_000

  /// Appends the value's bytes; false for a null, which has none.
  static func encode(_ value: PostgresValue, into out: inout [UInt8]) -> Bool {
    switch value {
    case .null: return false
    case .bool(let bool): out.append(bool ? 1 : 0)
    case .int(let int): append(int, to: &out)
    case .numeric(let number): Numeric.encode(number, into: &out)
    case .text(let text): out += text.utf8
    case .bytes(let bytes): out += bytes
    case .timestamp(let microseconds): append(microseconds - epochMicroseconds, to: &out)
    case .array(let type, let elements): encode(elements, of: type, into: &out)
    }
    return true
  }

  private static func encode(
    _ elements: [PostgresValue], of type: PostgresType, into out: inout [UInt8]
  ) {
    append(Int32(elements.isEmpty ? 0 : 1), to: &out)
    append(Int32(elements.contains(.null) ? 1 : 0), to: &out)
    append(type.oid, to: &out)
    guard !elements.isEmpty else { return }
    append(Int32(elements.count), to: &out)
    append(Int32(1), to: &out)
    for element in elements {
      precondition(element == .null || element.oid == type.oid, "an array of mixed types")
      let lengthAt = out.count
      append(Int32(-1), to: &out)
      guard encode(element, into: &out) else { continue }
      let length = Int32(out.count - lengthAt - 4)
      withUnsafeBytes(of: length.bigEndian) { bytes in
        for (index, byte) in bytes.enumerated() { out[lengthAt + index] = byte }
      }
    }
  }

  /// The value of a field of type `oid`; nil for a type or content this module does not speak.
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, oid: UInt32) -> PostgresValue? {
    switch oid {
    case 16: return bytes.count == 1 ? .bool(bytes[0] != 0) : nil
    case 17: return .bytes(Array(bytes))
    case 20: return integer(bytes, as: Int64.self).map { .int($0) }
    case 21: return integer(bytes, as: Int16.self).map { .int(Int64($0)) }
    case 23: return integer(bytes, as: Int32.self).map { .int(Int64($0)) }
    case 26: return integer(bytes, as: UInt32.self).map { .int(Int64($0)) }
    case 1184:
      // Infinite timestamps would overflow here; the database holds none of ours.
      guard let value = integer(bytes, as: Int64.self) else { return nil }
      let (sum, overflow) = value.addingReportingOverflow(epochMicroseconds)
      return overflow ? nil : .timestamp(sum)
    case 1700: return Numeric.decode(bytes).map { .numeric($0) }
    case 18, 19, 25, 114, 1042, 1043: return .text(String(decoding: bytes, as: UTF8.self))
    case 2278: return .null
    default: return nil
    }
  }

  static func append(_ value: some FixedWidthInteger, to out: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { out.append(contentsOf: $0) }
  }

  static func integer<I: FixedWidthInteger>(
    _ bytes: some Collection<UInt8>, as type: I.Type
  ) -> I? {
    guard bytes.count == I.bitWidth / 8 else { return nil }
    return bytes.reduce(I(0)) { $0 << 8 | I(truncatingIfNeeded: $1) }
  }
}
