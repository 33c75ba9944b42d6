import Bytes
import JSON

/// From JSON to XDR, with the place of what is wrong.
struct XDRJSONEncoder {
  typealias Failure = XDRJSON.Failure

  var writer = XDRWriter()
  private var path: [String] = []

  /// Where it stands in the document, `.tx.operations[3]`.
  private var place: String { path.joined() }

  func wrong(_ expected: String) -> Failure { .expected(expected, at: place) }

  mutating func named(_ name: String, _ json: JSONValue) throws(Failure) {
    if let text = json.asString, try special(name, text) { return }
    switch XDRSchema.stellar[name] {
    case .alias(let shape): try value(shape, json)
    case .enumeration(let cases):
      guard let text = json.asString, let known = cases.first(where: { $0.name == text }) else {
        throw wrong("one of \(cases.map(\.name).joined(separator: ", "))")
      }
      writer.i32(known.value)
    case .structure(let fields):
      guard case .object(let members) = json else { throw wrong("an object (\(name))") }
      if let stranger = members.keys.sorted().first(where: { name in
        !fields.contains { $0.name == name }
      }) {
        throw wrong("a \(name), which has no \(stranger)")
      }
      for field in fields {
        try at(".\(field.name)") { encoder throws(Failure) in
          guard let member = members[field.name] else { throw encoder.wrong("there") }
          try encoder.value(field.shape, member)
        }
      }
    case .union(_, let arms): try union(name, arms, json)
    case nil: throw .unknownType(name)
    }
  }

  private mutating func union(
    _ name: String, _ arms: [(value: Int32, arm: XDRSchema.Arm)], _ json: JSONValue
  ) throws(Failure) {
    let key: String
    let inner: JSONValue?
    switch json {
    case .string(let text): (key, inner) = (text, nil)
    case .object(let members) where members.count == 1:
      (key, inner) = (members.first!.key, members.first!.value)  // there is one
    default: throw wrong("an arm of \(name): its name, or an object of one member")
    }
    guard let (raw, arm) = arms.first(where: { $0.arm.name == key }),
      (arm.shape == nil) == (inner == nil)
    else {
      throw wrong("one of \(name)'s arms \(arms.map(\.arm.name).joined(separator: ", "))")
    }
    writer.i32(raw)
    guard let shape = arm.shape, let inner else { return }
    try at(".\(key)") { encoder throws(Failure) in try encoder.value(shape, inner) }
  }

  private mutating func value(
    _ shape: XDRSchema.Shape, _ json: JSONValue
  ) throws(Failure) {
    switch shape {
    case .i32: writer.i32(try number(json))
    case .u32: writer.u32(try number(json))
    case .i64: writer.i64(try number(json))
    case .u64: writer.u64(try number(json))
    case .bool:
      guard let flag = json.asBool else { throw wrong("true or false") }
      writer.bool(flag)
    case .opaque(let count):
      guard let bytes = json.asString.flatMap(Hex.decode), bytes.count == count else {
        throw wrong("\(count) bytes in hex")
      }
      writer.fixed(bytes)
    case .opaqueUpTo(let max):
      guard let bytes = json.asString.flatMap(Hex.decode), bytes.count <= max else {
        throw wrong("hex\(limit(max, "bytes"))")
      }
      writer.opaque(bytes)
    case .string(let max):
      guard let bytes = json.asString.flatMap(EscapedASCII.decode), bytes.count <= max else {
        throw wrong("text with all but printable ASCII escaped\(limit(max, "bytes"))")
      }
      writer.opaque(bytes)
    case .named(let name): try named(name, json)
    case .optional(let inner):
      writer.bool(!json.isNull)
      if !json.isNull { try value(inner, json) }
    case .array(let inner, let count):
      guard let items = json.asArray, items.count == count else {
        throw wrong("a list of \(count)")
      }
      try self.items(inner, items)
    case .list(let inner, let max):
      guard let items = json.asArray, items.count <= max else {
        throw wrong("a list\(limit(max, "items"))")
      }
      writer.u32(UInt32(items.count))
      try self.items(inner, items)
    }
  }

  private func limit(_ max: Int, _ unit: String) -> String {
    max == .max ? "" : " of at most \(max) \(unit)"
  }

  private mutating func items(_ shape: XDRSchema.Shape, _ items: [JSONValue]) throws(Failure) {
    for (index, item) in items.enumerated() {
      try at("[\(index)]") { encoder throws(Failure) in try encoder.value(shape, item) }
    }
  }

  private func number<T: FixedWidthInteger>(_ json: JSONValue) throws(Failure) -> T {
    guard let number = json.asInteger(T.self) else {
      throw wrong("a whole number from \(T.min) to \(T.max)")
    }
    return number
  }

  private mutating func at(
    _ step: String, _ body: (inout XDRJSONEncoder) throws(Failure) -> Void
  ) throws(Failure) {
    path.append(step)
    try body(&self)
    path.removeLast()
  }
}
