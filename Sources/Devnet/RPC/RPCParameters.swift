import Bytes
import StellarXDR

/// The `params` of a request: an object, or nothing.
struct RPCParameters: Sendable {
  private let value: JSON
  let format: XDRFormat

  init(_ params: JSON?) throws(RPCFailure) {
    switch params ?? .null {
    case .null: value = .object([:])
    case .object(let members): value = .object(members)
    default: throw .invalidParams("invalid parameters: an object is expected")
    }
    switch value["xdrFormat"] {
    case nil, .null, .string(""): format = .base64
    case .string(let name)?:
      guard let known = XDRFormat(rawValue: name) else {
        throw .invalidParams("expected xdrFormat to be one of [json, base64], got \(name)")
      }
      format = known
    default: throw .invalidParams("invalid parameters: xdrFormat must be a string")
    }
  }

  subscript(name: String) -> JSON? {
    guard let member = value[name], member != .null else { return nil }
    return member
  }

  func string(_ name: String) throws(RPCFailure) -> String {
    guard let text = self[name]?.asString else {
      throw .invalidParams("invalid parameters: \(name) must be a string")
    }
    return text
  }

  func flag(_ name: String) throws(RPCFailure) -> Bool? {
    guard let value = self[name] else { return nil }
    guard let flag = value.asBool else {
      throw .invalidParams("invalid parameters: \(name) must be true or false")
    }
    return flag
  }

  /// A whole number, nil if absent.
  func int(_ name: String) throws(RPCFailure) -> Int64? {
    guard let value = self[name] else { return nil }
    guard let number = value.asInt else {
      throw .invalidParams("invalid parameters: \(name) must be a whole number")
    }
    return number
  }

  /// A number that fits a ledger sequence, nil if absent.
  func ledger(_ name: String) throws(RPCFailure) -> UInt32? {
    guard let value = self[name] else { return nil }
    guard let number = value.asInt, let ledger = UInt32(exactly: number) else {
      throw .invalidParams("invalid parameters: \(name) must be a ledger sequence")
    }
    return ledger
  }

  /// `pagination.limit`, within 1 ... `max`.
  func limit(default normal: Int, max: Int) throws(RPCFailure) -> Int {
    guard let value = self["pagination"]?["limit"], value != .null else { return normal }
    guard let number = value.asInt, number >= 1, number <= max else {
      throw .invalidParams("limit must be within 1 and \(max)")
    }
    return Int(number)
  }

  /// `pagination.cursor`, nil if absent.
  func cursor() throws(RPCFailure) -> String? {
    guard let value = self["pagination"]?["cursor"], value != .null else { return nil }
    guard let text = value.asString else { throw .invalidParams("cursor must be a string") }
    return text.isEmpty ? nil : text
  }

  func envelope() throws(RPCFailure) -> TransactionEnvelope {
    let text = try string("transaction")
    do throws(XDRError) {
      return try TransactionEnvelope(base64: text)
    } catch {
      throw .invalidParams("invalid_xdr: \(error)")
    }
  }
}
