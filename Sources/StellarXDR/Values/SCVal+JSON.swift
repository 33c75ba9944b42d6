import Bytes

/// The JSON of SEP-51, as the RPC gives values with `xdrFormat: "json"`. Written only: what is read is
/// always XDR.
extension SCVal {
  package var json: String {
    switch self {
    case .bool(let value): Self.member("bool", value ? "true" : "false")
    case .void: Self.quoted("void")
    case .error(let error): Self.member("error", error.json)
    case .u32(let value): Self.member("u32", "\(value)")
    case .i32(let value): Self.member("i32", "\(value)")
    case .u64(let value): Self.member("u64", Self.quoted("\(value)"))
    case .i64(let value): Self.member("i64", Self.quoted("\(value)"))
    case .timepoint(let value): Self.member("timepoint", Self.quoted("\(value)"))
    case .duration(let value): Self.member("duration", Self.quoted("\(value)"))
    case .u128(let value): Self.member("u128", Self.quoted("\(value)"))
    case .i128(let value): Self.member("i128", Self.quoted("\(value)"))
    case .u256(let value): Self.member("u256", Self.quoted(value.decimal))
    case .i256(let value): Self.member("i256", Self.quoted(value.signedDecimal))
    case .bytes(let value): Self.member("bytes", Self.quoted(Hex.encode(value)))
    case .string(let value): Self.member("string", Self.escaped(value))
    case .symbol(let value): Self.member("symbol", Self.quoted(value))
    case .vec(let items): Self.member("vec", Self.list(items.map(\.json)))
    case .map(let entries): Self.member("map", Self.list(entries.map(\.json)))
    case .address(let address): Self.member("address", Self.quoted("\(address)"))
    case .contractInstance(let instance): Self.member("contract_instance", instance.json)
    case .ledgerKeyContractInstance: Self.quoted("ledger_key_contract_instance")
    case .ledgerKeyNonce(let nonce):
      Self.member("ledger_key_nonce", Self.member("nonce", Self.quoted("\(nonce)")))
    case .executableTag(let tag): Self.member("executable_tag", Self.escaped(tag))
    }
  }

  fileprivate static func quoted(_ text: String) -> String { "\"\(text)\"" }
  fileprivate static func member(_ name: String, _ json: String) -> String {
    "{\"\(name)\":\(json)}"
  }
  fileprivate static func list(_ items: [String]) -> String {
    "[\(items.joined(separator: ","))]"
  }

  /// Bytes as SEP-51 writes strings: printable ASCII as it is, the rest escaped, and the backslash of
  /// an escape escaped again for JSON.
  fileprivate static func escaped(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes {
      switch byte {
      case 0: text += "\\\\0"
      case 9: text += "\\\\t"
      case 10: text += "\\\\n"
      case 13: text += "\\\\r"
      case UInt8(ascii: "\\"): text += "\\\\\\\\"
      case UInt8(ascii: "\""): text += "\\\""
      case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "\\\\x\(Hex.encode([byte]))"
      }
    }
    return quoted(text)
  }
}

extension SCMapEntry {
  fileprivate var json: String { "{\"key\":\(key.json),\"val\":\(value.json)}" }
}

extension SCContractInstance {
  fileprivate var json: String {
    let storage = storage.map { SCVal.list($0.map(\.json)) } ?? "null"
    return "{\"executable\":\(executable.json),\"storage\":\(storage)}"
  }
}

extension ContractExecutable {
  fileprivate var json: String {
    switch self {
    case .wasm(let hash): SCVal.member("wasm", SCVal.quoted("\(hash)"))
    case .stellarAsset: SCVal.quoted("stellar_asset")
    case .externalReference(let owner, let tag):
      SCVal.member(
        "external_ref",
        "{\"executable_owner\":\(SCVal.quoted("\(owner)")),\"tag\":\(SCVal.escaped(tag))}")
    }
  }
}

extension SCError {
  fileprivate var json: String {
    switch self {
    case .contract(let code): SCVal.member("contract", "\(code)")
    case .host(let source, let code):
      SCVal.member(
        source == .wasmVM ? "wasm_vm" : "\(source)", SCVal.quoted(Self.snakeCase("\(code)")))
    }
  }

  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
  }
}
