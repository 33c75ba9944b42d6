import Bytes
import Postgres

/// Turns a flat `Encodable` value into the fields of a row, nulls included.
///
/// Integers up to 64 bits signed are `int8`, `UInt64` is `numeric`, `Bytes32` and `[UInt8]` are
/// `bytea`, text is `text`; a value that encodes itself as one of these (a number with a meaning,
/// an enumeration of texts) is stored as that. Anything else is our bug and stops the program.
package enum RowEncoder {
  package static func fields(of value: some Encodable) throws -> [RowField] {
    let encoder = RowFieldsEncoder()
    try value.encode(to: encoder)
    return encoder.fields
  }

  /// The type that values of `type` are stored in.
  static func columnType<T>(of type: T.Type) -> PostgresType {
    switch type {
    case is Bytes32.Type, is [UInt8].Type: return .bytea
    case is String.Type: return .text
    case is Bool.Type: return .bool
    case is UInt64.Type, is UInt.Type: return .numeric
    case is any FixedWidthInteger.Type: return .int8
    case let raw as any RawRepresentable.Type: return rawType(of: raw)
    default: preconditionFailure("no column type for \(type): events are flat")
    }
  }

  private static func rawType<R: RawRepresentable>(of type: R.Type) -> PostgresType {
    columnType(of: R.RawValue.self)
  }

  static func scalar<T: Encodable>(_ value: T) throws -> (PostgresType, PostgresValue) {
    switch value {
    case let bytes as Bytes32: return (.bytea, .bytes(bytes.bytes))
    case let bytes as [UInt8]: return (.bytea, .bytes(bytes))
    default:
      let encoder = ScalarEncoder()
      try value.encode(to: encoder)
      guard let field = encoder.field else {
        preconditionFailure("\(T.self) encodes itself as nothing")
      }
      return field
    }
  }
}

private final class RowFieldsEncoder: Encoder {
  var fields: [RowField] = []
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(FieldsContainer<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { notFlat() }

  func singleValueContainer() -> any SingleValueEncodingContainer { notFlat() }
}

private struct FieldsContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: RowFieldsEncoder
  let codingPath: [any CodingKey] = []

  private func add(_ key: Key, _ type: PostgresType, _ value: PostgresValue) {
    encoder.fields.append(RowField(name: key.stringValue, type: type, value: value))
  }

  func encodeNil(forKey key: Key) { notFlat() }

  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    let (type, value) = try RowEncoder.scalar(value)
    add(key, type, value)
  }

  /// Also for nil: the column and its type are there all the same.
  func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
    if let value {
      try encode(value, forKey: key)
    } else {
      add(key, RowEncoder.columnType(of: T.self), .null)
    }
  }

  // The standard library asks for these one by one; their defaults would leave nil out.
  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws {
    add(key, .bool, value.map { .bool($0) } ?? .null)
  }

  func encodeIfPresent(_ value: String?, forKey key: Key) throws {
    add(key, .text, value.map { .text($0) } ?? .null)
  }

  func encodeIfPresent(_ value: Int?, forKey key: Key) throws { addInteger(key, value) }
  func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { addInteger(key, value) }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { addInteger(key, value) }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { addInteger(key, value) }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { addInteger(key, value) }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { addInteger(key, value) }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { addInteger(key, value) }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { addInteger(key, value) }

  func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws {
    add(key, .numeric, value.map { .numeric(Int128($0)) } ?? .null)
  }

  private func addInteger(_ key: Key, _ value: (some FixedWidthInteger)?) {
    // At most 32 bits unsigned or 64 signed, by the overloads above.
    add(key, .int8, value.map { .int(Int64($0)) } ?? .null)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> { notFlat() }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { notFlat() }

  func superEncoder() -> any Encoder { notFlat() }

  func superEncoder(forKey key: Key) -> any Encoder { notFlat() }
}

func notFlat() -> Never { preconditionFailure("an event is a flat value of scalars") }
