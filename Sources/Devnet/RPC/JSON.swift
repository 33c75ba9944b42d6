import Foundation

/// A JSON value; objects keep the order of their members when written.
enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case array([JSON])
  case object([Member])
  /// JSON text, as it is; only written.
  case verbatim(String)

  struct Member: Sendable, Hashable {
    let name: String
    let value: JSON
  }

  /// A value in JSON text, or nil.
  init?(parsing data: Data) {
    guard let any = try? JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed])
    else { return nil }
    self.init(any)
  }

  private init(_ any: Any) {
    switch any {
    case let text as String: self = .string(text)
    case let items as [Any]: self = .array(items.map(JSON.init))
    case let members as [String: Any]:
      self = .object(
        members.sorted { $0.key < $1.key }.map { Member(name: $0.key, value: JSON($0.value)) })
    case let number as NSNumber:
      // JSONSerialization tells booleans from numbers by the C type alone.
      if number.objCType.pointee == CChar(UInt8(ascii: "c")) {
        self = .bool(number.boolValue)
      } else if let int = Int64(exactly: number) {
        self = .int(int)
      } else {
        self = .double(number.doubleValue)
      }
    default: self = .null
    }
  }

  static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member(name: $0.key, value: $0.value) })
  }

  /// An integer in decimal text, as the RPC gives 64-bit numbers.
  static func text(_ number: some BinaryInteger) -> JSON { .string("\(number)") }

  static func number(_ number: UInt32) -> JSON { .int(Int64(number)) }

  subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  var asString: String? { if case .string(let text) = self { text } else { nil } }
  var asArray: [JSON]? { if case .array(let items) = self { items } else { nil } }
  var asInt: Int64? { if case .int(let number) = self { number } else { nil } }
  var asNumber: Double? {
    switch self {
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }
  var asBool: Bool? { if case .bool(let flag) = self { flag } else { nil } }

  /// UTF-8 text without blanks.
  var bytes: [UInt8] {
    var text: [UInt8] = []
    write(to: &text)
    return text
  }

  private func write(to text: inout [UInt8]) {
    switch self {
    case .null: text.append(contentsOf: "null".utf8)
    case .bool(let flag): text.append(contentsOf: (flag ? "true" : "false").utf8)
    case .int(let number): text.append(contentsOf: number.description.utf8)
    case .double(let number):
      // JSON has no name for what is beyond all numbers.
      text.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
    case .string(let string): Self.write(string, to: &text)
    case .verbatim(let json): text.append(contentsOf: json.utf8)
    case .array(let items):
      text.append(UInt8(ascii: "["))
      for (at, item) in items.enumerated() {
        if at > 0 { text.append(UInt8(ascii: ",")) }
        item.write(to: &text)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let members):
      text.append(UInt8(ascii: "{"))
      for (at, member) in members.enumerated() {
        if at > 0 { text.append(UInt8(ascii: ",")) }
        Self.write(member.name, to: &text)
        text.append(UInt8(ascii: ":"))
        member.value.write(to: &text)
      }
      text.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ string: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        text.append(UInt8(ascii: "\\"))
        text.append(byte)
      case UInt8(ascii: "\n"): text.append(contentsOf: "\\n".utf8)
      case 0..<0x20:
        let hex = String(byte, radix: 16)
        text.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - hex.count))\(hex)".utf8)
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
