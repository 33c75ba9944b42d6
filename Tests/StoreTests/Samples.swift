import Bytes
import Pool
import Testing

/// An event of each kind, made by decoding: every field different, optional ones present or absent.
struct SampleDecoder: Decoder, SingleValueDecodingContainer {
  /// Values of enumerations, which cannot be made up.
  static let cases: [any Codable & Sendable] = [
    WalletKind.bond, TransactionKind.settle, TransactionFate.failed, Payer.pooler, BookAsset.xlm,
  ]

  final class Counter { var value: Int64 = 0 }

  let counter: Counter
  let withOptionals: Bool
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  static func sample<E: PoolEvent>(
    _ type: E.Type, withOptionals: Bool = true, from start: Int64 = 0
  ) throws -> E {
    let counter = Counter()
    counter.value = start
    return try E(from: SampleDecoder(counter: counter, withOptionals: withOptionals))
  }

  func next() -> Int64 {
    counter.value += 1
    return counter.value
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(SampleContainer<Key>(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Unknown() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }
  func decodeNil() -> Bool { !withOptionals }
  func decode(_ type: Bool.Type) -> Bool { next() % 2 == 0 }
  func decode(_ type: String.Type) -> String { "text \(next())" }
  func decode(_ type: Double.Type) throws -> Double { throw Unknown() }
  func decode(_ type: Float.Type) throws -> Float { throw Unknown() }
  func decode(_ type: Int.Type) -> Int { Int(next()) }
  func decode(_ type: Int8.Type) -> Int8 { Int8(next()) }
  func decode(_ type: Int16.Type) -> Int16 { Int16(next()) }
  func decode(_ type: Int32.Type) -> Int32 { Int32(next()) }
  func decode(_ type: Int64.Type) -> Int64 { next() }
  func decode(_ type: UInt.Type) -> UInt { .max - UInt(next()) }
  func decode(_ type: UInt8.Type) -> UInt8 { UInt8(next()) }
  func decode(_ type: UInt16.Type) -> UInt16 { UInt16(next()) }
  func decode(_ type: UInt32.Type) -> UInt32 { .max - UInt32(next()) }
  func decode(_ type: UInt64.Type) -> UInt64 { .max - UInt64(next()) }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    if type == Bytes32.self {
      let bytes = (0..<8).flatMap { _ in [UInt8](repeating: UInt8(next() % 256), count: 4) }
      return try #require(Bytes32(bytes) as? T)
    }
    if type == [UInt8].self { return try #require([UInt8(next() % 256), 0, 255] as? T) }
    if let value = Self.cases.lazy.compactMap({ $0 as? T }).first { return value }
    return try T(from: self)
  }

  struct Unknown: Error {}
}

private struct SampleContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: SampleDecoder
  let codingPath: [any CodingKey] = []
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) -> Bool { decoder.decodeNil() }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try decoder.decode(type)
  }
  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> { throw SampleDecoder.Unknown() }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw SampleDecoder.Unknown()
  }
  func superDecoder() throws -> any Decoder { throw SampleDecoder.Unknown() }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw SampleDecoder.Unknown() }
}

extension PoolEvent {
  func isEqual(_ other: any PoolEvent) -> Bool { (other as? Self) == self }
}
