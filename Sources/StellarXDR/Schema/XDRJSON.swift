package import JSON

/// The JSON of SEP-51 of any XDR type of Stellar, by the type's name (`TransactionEnvelope`, `SCVal`, …),
/// both ways. 64-bit numbers are decimal text, as the RPC's `xdrFormat: "json"` gives them; numbers are
/// taken too.
package enum XDRJSON {
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownType(String)
    case xdr(XDRError)
    case json(JSONError)
    /// Where in the document, and what should stand there.
    case expected(String, at: String)

    package var description: String {
      switch self {
      case .unknownType(let name): "there is no XDR type \(name)"
      case .xdr(let error): "\(error)"
      case .json(let error): "\(error)"
      case .expected(let what, let path):
        "\(path.isEmpty ? "the document" : path) should be \(what)"
      }
    }
  }

  package static var typeNames: [String] { XDRSchema.stellar.names }

  /// Compact JSON, members in the order of the type's fields.
  package static func json(_ xdr: [UInt8], as type: String) throws(Failure) -> String {
    guard XDRSchema.stellar[type] != nil else { throw .unknownType(type) }
    var decoder = XDRJSONDecoder(xdr)
    do {
      try decoder.named(type)
      try decoder.reader.finish()
    } catch {
      throw .xdr(error)
    }
    return String(decoding: decoder.text, as: UTF8.self)
  }

  package static func xdr(_ json: String, as type: String) throws(Failure) -> [UInt8] {
    let document: JSONValue
    do { document = try JSONValue(parsing: json) } catch { throw .json(error) }
    return try xdr(document, as: type)
  }

  package static func xdr(_ document: JSONValue, as type: String) throws(Failure) -> [UInt8] {
    guard XDRSchema.stellar[type] != nil else { throw .unknownType(type) }
    var encoder = XDRJSONEncoder()
    var document = document
    if case .object(var members) = document, members.removeValue(forKey: "$schema") != nil {
      document = .object(members)
    }
    try encoder.named(type, document)
    return encoder.writer.bytes
  }
}
