/// The callee's last word on a stream. Protos/rpc.proto; empty bytes are status OK.
package enum Trailers {
  package static func encode(_ error: RPCError?) -> [UInt8] {
    guard let error else { return [] }
    var writer = ProtobufWriter()
    writer.number(1, UInt64(error.code.rawValue))
    writer.number(2, UInt64(error.domainCode))
    writer.text(3, error.message.cut(toBytes: RPCError.messageBytesMax))
    writer.number(4, UInt64(error.retryAfterMs))
    switch error.detail {
    case nil: break
    case .staleBlock(let current):
      writer.message(5, numbers(current))
    case .overCapacity(let limit):
      writer.message(6, numbers(limit))
    case .invalidNonce(let expected, let got):
      writer.message(7, numbers(expected, got))
    case .notAuthorised(let what):
      var inner = ProtobufWriter()
      inner.text(1, what.cut(toBytes: RPCError.messageBytesMax))
      writer.message(8, inner.bytes)
    }
    return writer.bytes
  }

  package struct Malformed: Error {}

  /// The error, or nil for OK.
  package static func decode(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> RPCError? {
    guard bytes.count <= RPCLimits.headersBytesMax else { throw Malformed() }
    var error = RPCError(.ok, "")
    var reader = ProtobufReader(bytes)
    do {
      while let (field, value) = try reader.next() {
        switch (field, value) {
        case (1, .number(let code)):
          // A code of a later version is an error this one cannot name.
          error.code = UInt32(exactly: code).flatMap(RPCStatusCode.init(rawValue:)) ?? .unknown
        case (2, .number(let code)): error.domainCode = UInt32(truncatingIfNeeded: code)
        case (3, .bytes(let text)):
          error.message =
            String(validating: text.prefix(RPCError.messageBytesMax), as: UTF8.self) ?? "?"
        case (4, .number(let ms)): error.retryAfterMs = UInt32(clamping: ms)
        case (5...8, .bytes(let detail)): error.detail = try decode(detail: field, detail)
        default: break
        }
      }
    } catch { throw Malformed() }
    return error.code == .ok ? nil : error
  }

  private static func decode(detail field: UInt64, _ bytes: ArraySlice<UInt8>)
    throws(ProtobufReader.Malformed) -> RPCError.Detail
  {
    var values: (UInt32, UInt32) = (0, 0)
    var text = ""
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (1, .number(let number)): values.0 = UInt32(clamping: number)
      case (2, .number(let number)): values.1 = UInt32(clamping: number)
      case (1, .bytes(let bytes)): text = String(validating: bytes, as: UTF8.self) ?? "?"
      default: break
      }
    }
    return switch field {
    case 5: .staleBlock(currentBlockIndex: values.0)
    case 6: .overCapacity(limit: values.0)
    case 7: .invalidNonce(zerosExpected: values.0, zerosGot: values.1)
    default: .notAuthorised(what: text)
    }
  }

  private static func numbers(_ first: UInt32, _ second: UInt32 = 0) -> [UInt8] {
    var writer = ProtobufWriter()
    writer.number(1, UInt64(first))
    writer.number(2, UInt64(second))
    return writer.bytes
  }
}

extension String {
  /// The longest start of whole characters that fits.
  package func cut(toBytes count: Int) -> String {
    guard utf8.count > count else { return self }
    var out = ""
    for character in self {
      guard out.utf8.count + character.utf8.count <= count else { break }
      out.append(character)
    }
    return out
  }
}
