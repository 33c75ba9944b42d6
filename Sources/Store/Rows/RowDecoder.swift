import Bytes
import Postgres

/// Makes a flat `Decodable` value of a row's fields; the counterpart of ``RowEncoder``.
struct RowDecoder: Decoder {
  /// Positions of the columns by their names.
  let columns: [String: Int]
  let row: PostgresRow
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(FieldsDecodingContainer<Key>(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { notFlat() }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { notFlat() }
}

private struct FieldsDecodingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: RowDecoder
  let codingPath: [any CodingKey] = []

  var allKeys: [Key] { decoder.columns.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { decoder.columns[key.stringValue] != nil }

  private func value(_ key: Key) throws -> PostgresValue {
    guard let column = decoder.columns[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: [], debugDescription: "the table has no such column"))
    }
    return decoder.row[column]
  }

  func decodeNil(forKey key: Key) throws -> Bool { try value(key) == .null }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    do {
      return try ScalarDecoder(value: value(key)).decode(type)
    } catch let error as DecodingError {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [key], debugDescription: "not a \(type)", underlyingError: error))
    }
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> { notFlat() }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { notFlat() }

  func superDecoder() throws -> any Decoder { notFlat() }

  func superDecoder(forKey key: Key) throws -> any Decoder { notFlat() }
}
