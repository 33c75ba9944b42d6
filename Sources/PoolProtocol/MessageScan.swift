import CPoolProtos
import CProtobufC
import FramedRPC

/// Walks a message's bytes before libprotobuf-c allocates anything for them, and refuses what would
/// cost more than its size is worth.
///
/// libprotobuf-c 1.4.1 has no limits of its own: it recurses as deep as the bytes say, and a
/// megabyte of empty or unknown fields becomes 77 or 45 megabytes of heap. What the scan accepts
/// libprotobuf-c may still refuse; it never costs more than ``CMessage`` allows.
struct MessageScan {
  private var fieldsLeft: Int
  private var unknownLeft = MessageLimits.unknownFields
  private var at: UnsafePointer<UInt8>

  /// - Parameter fieldsMax: for the whole message, what lies in it included; an element of a packed
  ///   field counts as one.
  static func check(
    _ bytes: UnsafeBufferPointer<UInt8>, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>,
    fieldsMax: Int
  ) throws(MessageError) {
    guard let start = bytes.baseAddress else { return }
    var scan = MessageScan(fieldsLeft: fieldsMax, at: start)
    try scan.message(until: start + bytes.count, descriptor, depth: 1)
  }

  private init(fieldsLeft: Int, at: UnsafePointer<UInt8>) {
    self.fieldsLeft = fieldsLeft
    self.at = at
  }

  private mutating func message(
    until end: UnsafePointer<UInt8>, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>,
    depth: Int
  ) throws(MessageError) {
    guard depth <= MessageLimits.depth else { throw MessageError("messages nested too deep") }
    while at < end {
      try count(1)
      let key = try varint(until: end, bytesMax: 5)
      guard key >> 3 > 0, key <= UInt64(UInt32.max) else { throw MessageError("no such field") }
      let field = protobuf_c_message_descriptor_get_field(descriptor, UInt32(key >> 3))
      if field == nil {
        unknownLeft -= 1
        guard unknownLeft >= 0 else { throw MessageError("too many unknown fields") }
      }
      switch key & 7 {
      case 0: _ = try varint(until: end, bytesMax: 10)
      case 1: try skip(8, until: end)
      case 5: try skip(4, until: end)
      case 2:
        let length = try varint(until: end, bytesMax: 5)
        guard length <= UInt64(end - at) else { throw MessageError("a field is cut off") }
        try contents(until: at + Int(length), field, depth: depth)
      default: throw MessageError("a wire type that is not used")
      }
    }
  }

  /// What a length-delimited field holds.
  private mutating func contents(
    until end: UnsafePointer<UInt8>, _ field: UnsafePointer<ProtobufCFieldDescriptor>?, depth: Int
  ) throws(MessageError) {
    defer { at = end }
    guard let field = field?.pointee else { return }
    switch field.type {
    case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES: return
    case PROTOBUF_C_TYPE_MESSAGE:
      guard let inner = field.descriptor else { throw MessageError("no such field") }
      try message(
        until: end, inner.assumingMemoryBound(to: ProtobufCMessageDescriptor.self),
        depth: depth + 1)
    case PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_FLOAT:
      try count((end - at) / 4)
    case PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_DOUBLE:
      try count((end - at) / 8)
    default:
      while at < end {
        try count(1)
        _ = try varint(until: end, bytesMax: 10)
      }
    }
  }

  private mutating func count(_ fields: Int) throws(MessageError) {
    fieldsLeft -= fields
    guard fieldsLeft >= 0 else { throw MessageError("too many fields") }
  }

  private mutating func skip(_ count: Int, until end: UnsafePointer<UInt8>) throws(MessageError) {
    guard end - at >= count else { throw MessageError("a field is cut off") }
    at += count
  }

  /// A number of at most `bytesMax` bytes; bits beyond 64 are refused.
  private mutating func varint(until end: UnsafePointer<UInt8>, bytesMax: Int)
    throws(MessageError) -> UInt64
  {
    var value: UInt64 = 0
    for position in 0..<bytesMax {
      guard at < end else { throw MessageError("a field is cut off") }
      let byte = at.pointee
      at += 1
      guard position < 9 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << UInt64(7 * position)
      if byte & 0x80 == 0 { return value }
    }
    throw MessageError("a number that is too long")
  }
}
