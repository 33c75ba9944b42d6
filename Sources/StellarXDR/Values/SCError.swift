/// An error as a contract value.
package enum SCError: XDRCodable, CustomStringConvertible {
  /// A contract's own error number.
  case contract(UInt32)
  /// One of the host's.
  case host(Source, Code)

  package enum Source: Int32, Sendable {
    case wasmVM = 1
    case context, storage, object, crypto, events, budget, value, auth
  }

  package enum Code: Int32, Sendable {
    case arithDomain = 0
    case indexBounds, invalidInput, missingValue, existingValue, exceededLimit, invalidAction,
      internalError, unexpectedType, unexpectedSize
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    let type = try reader.i32()
    if type == 0 {
      self = .contract(try reader.u32())
    } else {
      guard let source = Source(rawValue: type) else {
        throw .unknownArm(type: "SCError", value: type)
      }
      self = .host(source, try reader.choice())
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .contract(let code):
      writer.u32(0)
      writer.u32(code)
    case .host(let source, let code):
      writer.choice(source)
      writer.choice(code)
    }
  }

  /// As the host prints it, e.g. `Error(Contract, #8)` or `Error(Storage, ExceededLimit)`.
  package var description: String {
    func capitalised(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }
    return switch self {
    case .contract(let code): "Error(Contract, #\(code))"
    case .host(.wasmVM, let code): "Error(WasmVm, \(capitalised("\(code)")))"
    case .host(let source, let code):
      "Error(\(capitalised("\(source)")), \(capitalised("\(code)")))"
    }
  }
}
