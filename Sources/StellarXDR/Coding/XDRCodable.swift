package import Bytes

/// A value with an XDR form. Decoding refuses what is not exactly one value.
package protocol XDRCodable: Hashable, Sendable {
  init(from reader: inout XDRReader) throws(XDRError)
  func encode(to writer: inout XDRWriter)
}

extension XDRCodable {
  /// The whole of `bytes` as one value.
  package init(xdr bytes: [UInt8]) throws(XDRError) {
    var reader = XDRReader(bytes)
    self = try Self(from: &reader)
    try reader.finish()
  }

  /// The whole of a base64 text as one value.
  package init(base64 text: String) throws(XDRError) {
    guard let bytes = Base64.decode(text) else { throw .notBase64 }
    try self.init(xdr: bytes)
  }

  package var xdr: [UInt8] {
    var writer = XDRWriter()
    encode(to: &writer)
    return writer.bytes
  }

  package var base64: String { Base64.encode(xdr) }
}

extension UInt32: XDRCodable {
  package init(from reader: inout XDRReader) throws(XDRError) { self = try reader.u32() }
  package func encode(to writer: inout XDRWriter) { writer.u32(self) }
}

extension Int32: XDRCodable {
  package init(from reader: inout XDRReader) throws(XDRError) { self = try reader.i32() }
  package func encode(to writer: inout XDRWriter) { writer.i32(self) }
}

extension UInt64: XDRCodable {
  package init(from reader: inout XDRReader) throws(XDRError) { self = try reader.u64() }
  package func encode(to writer: inout XDRWriter) { writer.u64(self) }
}

extension Int64: XDRCodable {
  package init(from reader: inout XDRReader) throws(XDRError) { self = try reader.i64() }
  package func encode(to writer: inout XDRWriter) { writer.i64(self) }
}

/// A hash, a contract id or a raw key: 32 opaque bytes. Account ids are ``AccountID``.
extension Bytes32: XDRCodable {
  package init(from reader: inout XDRReader) throws(XDRError) { self = try reader.bytes32() }
  package func encode(to writer: inout XDRWriter) { writer.bytes32(self) }
}
