import Bytes
import StellarXDR

/// How a request wants XDR values: `xdrFormat`. Members are named accordingly.
///
/// Source: stellar.md §3; SEP-51.
enum XDRFormat: String, Sendable {
  case base64
  case json

  /// `envelopeXdr` or `envelopeJson`.
  func member(_ name: String, _ bytes: [UInt8], as type: String) throws(RPCFailure) -> JSON.Member {
    try member(base64: name + "Xdr", json: name + "Json", bytes, as: type)
  }

  /// A member whose names follow no rule.
  func member(base64: String, json: String, _ bytes: [UInt8], as type: String)
    throws(RPCFailure) -> JSON.Member
  { .init(name: self == .json ? json : base64, value: try value(bytes, as: type)) }

  func list(_ name: String, _ items: [[UInt8]], as type: String) throws(RPCFailure) -> JSON.Member {
    try list(base64: name + "Xdr", json: name + "Json", items, as: type)
  }

  func list(base64: String, json: String, _ items: [[UInt8]], as type: String)
    throws(RPCFailure) -> JSON.Member
  { .init(name: self == .json ? json : base64, value: .array(try values(items, as: type))) }

  func value(_ bytes: [UInt8], as type: String) throws(RPCFailure) -> JSON {
    guard self == .json else { return .string(Base64.encode(bytes)) }
    do {
      return .verbatim(try XDRJSON.json(bytes, as: type))
    } catch {
      throw .internal("\(type) cannot be shown as JSON: \(error)")
    }
  }

  func values(_ items: [[UInt8]], as type: String) throws(RPCFailure) -> [JSON] {
    var values: [JSON] = []
    for item in items { values.append(try value(item, as: type)) }
    return values
  }
}
