import Postgres

/// Takes the one value that a field encodes itself as.
final class ScalarEncoder: Encoder, SingleValueEncodingContainer {
  private(set) var field: (PostgresType, PostgresValue)?
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    notFlat()
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { notFlat() }

  func encodeNil() throws { notFlat() }
  func encode(_ value: Bool) throws { field = (.bool, .bool(value)) }
  func encode(_ value: String) throws { field = (.text, .text(value)) }
  func encode(_ value: Double) throws { notFlat() }
  func encode(_ value: Float) throws { notFlat() }
  func encode(_ value: Int) throws { set(value) }
  func encode(_ value: Int8) throws { set(value) }
  func encode(_ value: Int16) throws { set(value) }
  func encode(_ value: Int32) throws { set(value) }
  func encode(_ value: Int64) throws { set(value) }
  func encode(_ value: UInt8) throws { set(value) }
  func encode(_ value: UInt16) throws { set(value) }
  func encode(_ value: UInt32) throws { set(value) }
  func encode(_ value: UInt64) throws { field = (.numeric, .numeric(Int128(value))) }
  func encode(_ value: UInt) throws { field = (.numeric, .numeric(Int128(value))) }

  func encode<T: Encodable>(_ value: T) throws { field = try RowEncoder.scalar(value) }

  private func set(_ value: some FixedWidthInteger) { field = (.int8, .int(Int64(value))) }
}
