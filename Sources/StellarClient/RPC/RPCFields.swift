import Bytes
import JSON
import KaleRules
import StellarXDR

/// Reads the members of an answer; a missing or wrong one is named.
struct RPCFields {
  let value: JSONValue
  let method: String

  init(_ value: JSONValue, _ method: String) {
    self.value = value
    self.method = method
  }

  func integer<T: FixedWidthInteger>(_ name: String, _: T.Type = T.self) throws(RPCError) -> T {
    guard let number: T = value[name]?.asInteger() else { throw bad(name) }
    return number
  }

  /// A ledger's number; far from where sums would overflow.
  func ledger(_ name: String) throws(RPCError) -> LedgerSequence {
    let number: UInt32 = try integer(name)
    guard number <= UInt32.max / 2 else { throw bad(name) }
    return LedgerSequence(number)
  }

  /// Unix seconds; far from where sums would overflow.
  func time(_ name: String) throws(RPCError) -> UInt64 {
    let seconds: UInt64 = try integer(name)
    guard seconds <= 1 << 40 else { throw bad(name) }
    return seconds
  }

  func string(_ name: String) throws(RPCError) -> String {
    guard let text = value[name]?.asString else { throw bad(name) }
    return text
  }

  func xdr<T: XDRCodable>(_ name: String, _: T.Type = T.self) throws(RPCError) -> T {
    try decode(string(name), name)
  }

  /// Nil where the member is absent or null.
  func optionalXDR<T: XDRCodable>(_ name: String, _: T.Type = T.self) throws(RPCError) -> T? {
    guard let text = value[name]?.asString else { return nil }
    return try decode(text, name)
  }

  /// Empty where the member is absent or null.
  func list(_ name: String) -> [JSONValue] { value[name]?.asArray ?? [] }

  func decode<T: XDRCodable>(_ text: String, _ name: String) throws(RPCError) -> T {
    do {
      return try T(base64: text)
    } catch {
      throw RPCError(.badAnswer, "\(method): \(name) is not what it should be: \(error)")
    }
  }

  func bad(_ name: String) -> RPCError {
    RPCError(.badAnswer, "\(method): the answer has no usable \(name)")
  }
}
