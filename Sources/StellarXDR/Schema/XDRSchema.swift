/// Every XDR type of Stellar by name: what the JSON of SEP-51 needs, and no more. The types that the
/// pool reads and writes itself have Swift types of their own.
struct XDRSchema: Sendable {
  indirect enum Shape: Hashable, Sendable {
    case i32, u32, i64, u64, bool
    case opaque(count: Int)
    case opaqueUpTo(Int)
    case string(max: Int)
    case named(String)
    case optional(Shape)
    case array(Shape, count: Int)
    case list(Shape, max: Int)
  }

  struct Arm: Sendable {
    let name: String
    /// Nil for void.
    let shape: Shape?
  }

  enum Definition: Sendable {
    case enumeration([(name: String, value: Int32)])
    case structure([(name: String, shape: Shape)])
    /// The discriminant's value and arm; the switch names the enum, nil for a plain number.
    case union(switch: String?, arms: [(value: Int32, arm: Arm)])
    case alias(Shape)
  }

  private let types: [String: Definition]

  static let stellar = XDRSchema(definitions)

  subscript(name: String) -> Definition? { types[name] }

  var names: [String] { types.keys.sorted() }

  private init(_ text: String) {
    var types: [String: Definition] = [:]
    var unions: [(name: String, switch: String, arms: [Substring])] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      let name = String(words[1])
      switch words[0] {
      case "e":
        types[name] = .enumeration(
          words.dropFirst(2).map { word in
            let parts = word.split(separator: "=")
            return (String(parts[0]), Int32(parts[1])!)  // from our own table
          })
      case "s":
        types[name] = .structure(words.dropFirst(2).map(Self.field))
      case "t":
        types[name] = .alias(Self.shape(words[2]))
      default:
        unions.append((name, String(words[2]), Array(words.dropFirst(3))))
      }
    }
    for union in unions {
      var values: [String: Int32]?
      if case .enumeration(let cases) = types[union.switch] {
        values = Dictionary(uniqueKeysWithValues: cases.map { ($0.name, $0.value) })
      }
      types[union.name] = .union(
        switch: values == nil ? nil : union.switch,
        arms: union.arms.map { word in
          let parts = word.split(separator: ":")
          let arm = Arm(
            name: String(parts[0]), shape: parts.count > 1 ? Self.shape(parts[1]) : nil)
          // Arms of a number are called v0, v1, …
          let value = values.map { $0[arm.name]! } ?? Int32(arm.name.dropFirst())!
          return (value, arm)
        })
    }
    self.types = types
  }

  private static func field(_ word: Substring) -> (name: String, shape: Shape) {
    let parts = word.split(separator: ":")
    return (String(parts[0]), shape(parts[1]))
  }

  private static func shape(_ text: Substring) -> Shape {
    switch text.last {
    case "?": return .optional(shape(text.dropLast()))
    case "]":
      let (inner, size) = bracketed(text, "[")
      return inner == "opaque" ? .opaque(count: size!) : .array(shape(inner), count: size!)
    case ">":
      let (inner, size) = bracketed(text, "<")
      let max = size ?? .max
      switch inner {
      case "opaque": return .opaqueUpTo(max)
      case "string": return .string(max: max)
      default: return .list(shape(inner), max: max)
      }
    default: break
    }
    switch text {
    case "i32": return .i32
    case "u32": return .u32
    case "i64": return .i64
    case "u64": return .u64
    case "bool": return .bool
    default: return .named(String(text))
    }
  }

  private static func bracketed(_ text: Substring, _ open: Character) -> (Substring, Int?) {
    let at = text.lastIndex(of: open)!  // from our own table
    return (text[..<at], Int(text[text.index(after: at)...].dropLast()))
  }
}
