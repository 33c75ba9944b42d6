/// A JSON document. Numbers keep their text, so that no digit of 64-bit ones is lost.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// As it stands in the text, e.g. `12`, `-0.5e3`.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// Of two members with one name the last counts.
  case object([String: JSONValue])
}

/// What a caller expects: nil where it is something else.
extension JSONValue {
  package subscript(_ name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  package var asString: String? { if case .string(let text) = self { text } else { nil } }
  package var asBool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var asArray: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
  package var asObject: [String: JSONValue]? {
    if case .object(let members) = self { members } else { nil }
  }
  package var isNull: Bool { self == .null }

  /// A whole number, written as a number or as a string of digits: servers do both.
  package func asInteger<T: FixedWidthInteger>(_: T.Type = T.self) -> T? {
    switch self {
    case .number(let text), .string(let text): T(text)
    default: nil
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  package init(stringLiteral text: String) { self = .string(text) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .number("\(value)") }
  package init(arrayLiteral items: JSONValue...) { self = .array(items) }
  package init(nilLiteral: ()) { self = .null }
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(Dictionary(members) { _, last in last })
  }
}

/// Why a text is not JSON.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String
  /// Byte offset in the text.
  package var position: Int

  package var description: String { "\(message) at byte \(position)" }
}
