import Bytes
import Postgres

/// Gives the one value of a field, as whatever type asks for it.
struct ScalarDecoder: Decoder, SingleValueDecodingContainer {
  let value: PostgresValue
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  init(value: PostgresValue) { self.value = value }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    notFlat()
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { notFlat() }

  func decodeNil() -> Bool { value == .null }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let bool) = value else { throw mismatch(type) }
    return bool
  }

  func decode(_ type: String.Type) throws -> String {
    guard case .text(let text) = value else { throw mismatch(type) }
    return text
  }

  func decode(_ type: Double.Type) throws -> Double { notFlat() }
  func decode(_ type: Float.Type) throws -> Float { notFlat() }
  func decode(_ type: Int.Type) throws -> Int { try integer(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    // The casts below change nothing: each type is known by its case.
    switch type {
    case is Bytes32.Type:
      guard case .bytes(let bytes) = value, let key = Bytes32(bytes) as? T else {
        throw mismatch(type)
      }
      return key
    case is [UInt8].Type:
      guard case .bytes(let bytes) = value, let bytes = bytes as? T else { throw mismatch(type) }
      return bytes
    default: return try T(from: self)
    }
  }

  private func integer<I: FixedWidthInteger>(_ type: I.Type) throws -> I {
    switch value {
    case .int(let number):
      if let number = I(exactly: number) { return number }
    case .numeric(let number):
      if let number = I(exactly: number) { return number }
    default: break
    }
    throw mismatch(type)
  }

  private func mismatch(_ type: Any.Type) -> DecodingError {
    .typeMismatch(type, .init(codingPath: [], debugDescription: "the column holds another type"))
  }
}
