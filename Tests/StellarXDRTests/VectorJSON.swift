import Bytes
import Foundation
import StellarXDR
import TestKit
import Testing

/// A vector's JSON, read by name: absent members and null are ``isNull``.
@dynamicMemberLookup
enum VectorJSON: Decodable, Sendable {
  case null
  case bool(Bool)
  case number(Int64)
  case text(String)
  case list([VectorJSON])
  case object([String: VectorJSON])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Int64.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([VectorJSON].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: VectorJSON].self))
    }
  }

  /// The cases of a file, which must be of the kind that its name says.
  static func cases(_ file: String, atLeast: Int) throws -> [VectorJSON] {
    let whole = try Vectors.decode(VectorJSON.self, "stellar/\(file).json")
    #expect(whole.kind.string == file)
    let cases = whole.cases.array
    #expect(cases.count >= atLeast)
    Vectors.tell("stellar/\(file).json", cases.count, "cases")
    return cases
  }

  subscript(dynamicMember name: String) -> VectorJSON { self[name] }

  subscript(_ name: String) -> VectorJSON {
    if case .object(let members) = self { members[name] ?? .null } else { .null }
  }

  var isNull: Bool { if case .null = self { true } else { false } }
  var isTrue: Bool { if case .bool(true) = self { true } else { false } }
  var array: [VectorJSON] { if case .list(let items) = self { items } else { [] } }
  var string: String { if case .text(let text) = self { text } else { "" } }
  var name: String { self["name"].string }

  /// A number, or the decimal text that carries one of 64 bits and more.
  private var digits: String {
    switch self {
    case .number(let number): "\(number)"
    default: string
    }
  }

  func integer<T: FixedWidthInteger>(_: T.Type = T.self) throws -> T { try #require(T(digits)) }

  /// As ``integer(_:)``, nil for null.
  func optional<T: FixedWidthInteger>(_: T.Type = T.self) throws -> T? {
    isNull ? nil : try integer()
  }

  func wide() throws -> Wide256 { try #require(Wide256(decimal: digits)) }
  func hex() throws -> [UInt8] { try #require(Hex.decode(string)) }
  func bytes32() throws -> Bytes32 { try #require(Bytes32(hex: string)) }
  func account() throws -> Bytes32 { try #require(StrKey.account(string)) }
  func muxed() throws -> MuxedAccount { try #require(MuxedAccount(string)) }
  func address() throws -> SCAddress { try #require(SCAddress(string)) }
  func contract() throws -> Bytes32 { try #require(StrKey.contract(string)) }
  func asset() throws -> Asset { try #require(Asset(string)) }
}

/// Checks that a model and its bytes are the same thing, in both directions.
func expectSame<T: XDRCodable>(_ model: T, _ base64: VectorJSON, _ name: String) {
  #expect(model.base64 == base64.string, "\(name): encoding")
  #expect(throws: Never.self, "\(name): decoding") {
    let decoded = try T(base64: base64.string)
    #expect(decoded == model, "\(name): decoding")
  }
}

/// A JSON text with sorted names and without space, for comparing.
func canonical(_ text: String) throws -> String {
  let object = try JSONSerialization.jsonObject(
    with: Data(text.utf8), options: .fragmentsAllowed)
  let data = try JSONSerialization.data(
    withJSONObject: object, options: [.sortedKeys, .fragmentsAllowed])
  return String(decoding: data, as: UTF8.self)
}
