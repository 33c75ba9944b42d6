import Bytes

/// From XDR to JSON, as it reads: no tree is built.
struct XDRJSONDecoder {
  var reader: XDRReader
  private(set) var text: [UInt8] = []
  private var depth = 0

  init(_ bytes: [UInt8]) { reader = XDRReader(bytes) }

  mutating func named(_ name: String) throws(XDRError) {
    if let written = try special(name) {
      quoted(written)
      return
    }
    // Every type that contains itself does so by name.
    guard depth < XDRReader.depthMax else { throw .tooDeep }
    depth += 1
    try defined(name)
    depth -= 1
  }

  private mutating func defined(_ name: String) throws(XDRError) {
    switch XDRSchema.stellar[name] {
    case .alias(let shape): try value(shape)
    case .enumeration(let cases):
      let raw = try reader.i32()
      guard let known = cases.first(where: { $0.value == raw }) else {
        throw .unknownArm(type: name, value: raw)
      }
      quoted(known.name)
    case .structure(let fields):
      for (at, field) in fields.enumerated() {
        text += (at == 0 ? "{\"" : ",\"").utf8
        text += field.name.utf8
        text += "\":".utf8
        try value(field.shape)
      }
      text += (fields.isEmpty ? "{}" : "}").utf8
    case .union(_, let arms):
      let raw = try reader.i32()
      guard let (_, arm) = arms.first(where: { $0.value == raw }) else {
        throw .unknownArm(type: name, value: raw)
      }
      guard let shape = arm.shape else {
        quoted(arm.name)
        return
      }
      text += "{\"\(arm.name)\":".utf8
      try value(shape)
      text += "}".utf8
    case nil: throw .invalid("the table of types has no \(name)")
    }
  }

  private mutating func value(_ shape: XDRSchema.Shape) throws(XDRError) {
    switch shape {
    case .i32: text += "\(try reader.i32())".utf8
    case .u32: text += "\(try reader.u32())".utf8
    case .i64: quoted("\(try reader.i64())")
    case .u64: quoted("\(try reader.u64())")
    case .bool: text += (try reader.bool() ? "true" : "false").utf8
    case .opaque(let count): quoted(Hex.encode(try reader.fixed(count)))
    case .opaqueUpTo(let max): quoted(Hex.encode(try reader.opaque(max: max)))
    case .string(let max): quoted(EscapedASCII.encode(try reader.opaque(max: max)))
    case .named(let name): try named(name)
    case .optional(let inner):
      if try reader.bool() { try value(inner) } else { text += "null".utf8 }
    case .array(let inner, let count): try items(inner, count)
    case .list(let inner, let max):
      // No type is empty: each item takes four bytes at least.
      let count = try reader.itemCount()
      guard count <= max else { throw .tooLong(count: count, max: max) }
      try items(inner, count)
    }
  }

  private mutating func items(_ shape: XDRSchema.Shape, _ count: Int) throws(XDRError) {
    text.append(UInt8(ascii: "["))
    for at in 0..<count {
      if at > 0 { text.append(UInt8(ascii: ",")) }
      try value(shape)
    }
    text.append(UInt8(ascii: "]"))
  }

  /// Printable ASCII; the backslashes of an escape are escaped again for JSON.
  private mutating func quoted(_ string: String) {
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        text.append(UInt8(ascii: "\\"))
      }
      text.append(byte)
    }
    text.append(UInt8(ascii: "\""))
  }
}
