import Bytes

/// JSON whose members keep their order, written as the published vectors are: one blank of
/// indentation a level, nothing but quotes and backslashes escaped.
enum VectorJSON {
  case null
  case number(UInt64)
  case text(String)
  case list([VectorJSON])
  case object([(String, VectorJSON)])

  static func hex(_ bytes: [UInt8]) -> VectorJSON { .text(Hex.encode(bytes)) }

  /// Null for nothing.
  static func hex(_ bytes: [UInt8]?) -> VectorJSON { bytes.map { hex($0) } ?? .null }

  func written(indent: Int = 0) -> String {
    switch self {
    case .null: return "null"
    case .number(let number): return "\(number)"
    case .text(let text): return Self.quoted(text)
    case .list(let items):
      return Self.block(items.map { $0.written(indent: indent + 1) }, "[", "]", indent)
    case .object(let members):
      return Self.block(
        members.map { "\(Self.quoted($0.0)): \($0.1.written(indent: indent + 1))" }, "{", "}",
        indent)
    }
  }

  private static func block(_ lines: [String], _ open: String, _ close: String, _ indent: Int)
    -> String
  {
    let blanks = String(repeating: " ", count: indent)
    return "\(open)\n" + lines.map { "\(blanks) \($0)" }.joined(separator: ",\n")
      + "\n\(blanks)\(close)"
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for character in text {
      if character == "\"" || character == "\\" { out.append("\\") }
      out.append(character)
    }
    return out + "\""
  }
}
