/// The protobuf wire format for the two small messages that belong to the frames themselves,
/// `Headers` and `Trailers` (Protos/rpc.proto). Everything else is libprotobuf-c's.
struct ProtobufReader {
  enum Value: Equatable {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
    /// A fixed-size field: not used by ours, skipped.
    case skipped
  }

  struct Malformed: Error {}

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next field, or nil at the end.
  mutating func next() throws(Malformed) -> (field: UInt64, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let key = try varint()
    let field = key >> 3
    guard field > 0 else { throw Malformed() }
    switch key & 7 {
    case 0: return (field, .number(try varint()))
    case 1:
      try skip(8)
      return (field, .skipped)
    case 2:
      let count = try varint()
      guard count <= UInt64(rest.count) else { throw Malformed() }
      defer { rest = rest.dropFirst(Int(count)) }
      return (field, .bytes(rest.prefix(Int(count))))
    case 5:
      try skip(4)
      return (field, .skipped)
    default: throw Malformed()
    }
  }

  private mutating func skip(_ count: Int) throws(Malformed) {
    guard rest.count >= count else { throw Malformed() }
    rest = rest.dropFirst(count)
  }

  private mutating func varint() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    for position in 0..<10 {
      guard let byte = rest.popFirst() else { throw Malformed() }
      // The tenth byte has one bit left.
      guard position < 9 || byte <= 1 else { throw Malformed() }
      value |= UInt64(byte & 0x7F) << UInt64(7 * position)
      if byte & 0x80 == 0 { return value }
    }
    throw Malformed()
  }
}

struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  /// Zero is the default and left out, as proto3 says.
  mutating func number(_ field: UInt64, _ value: UInt64) {
    guard value != 0 else { return }
    varint(field << 3)
    varint(value)
  }

  /// A present but empty message is written; an empty text or byte string is not.
  mutating func message(_ field: UInt64, _ value: [UInt8]) {
    varint(field << 3 | 2)
    varint(UInt64(value.count))
    bytes += value
  }

  mutating func text(_ field: UInt64, _ value: String) {
    if !value.isEmpty { message(field, Array(value.utf8)) }
  }

  private mutating func varint(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}
