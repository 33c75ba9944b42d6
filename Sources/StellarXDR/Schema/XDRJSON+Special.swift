import Bytes

/// The types that SEP-51 writes in one word: addresses and keys, asset codes, wide integers.
extension XDRJSONDecoder {
  /// The text of a value of such a type; nil for any other type, and nothing is read then.
  mutating func special(_ name: String) throws(XDRError) -> String? {
    switch name {
    case "AccountID", "PublicKey", "NodeID": return StrKey.account(try reader.accountID())
    case "ContractID": return StrKey.contract(try reader.bytes32())
    case "PoolID": return StrKey.encode(.liquidityPool, try reader.bytes32().bytes)
    case "ClaimableBalanceID":
      let type = try reader.i32()
      guard type == 0 else { throw .unknownArm(type: name, value: type) }
      return StrKey.encode(.claimableBalance, [0] + (try reader.bytes32().bytes))
    case "MuxedEd25519Account", "MuxedAccountMed25519":
      let id = try reader.u64()
      return "\(MuxedAccount.muxed(id: id, try reader.bytes32()))"
    case "MuxedContract":
      let id = try reader.u64()
      return "\(SCAddress.muxedContract(id: id, try reader.bytes32()))"
    case "MuxedAccount": return "\(try reader.value(MuxedAccount.self))"
    case "SCAddress": return "\(try reader.value(SCAddress.self))"
    case "SignerKey": return try text(of: try reader.value(SignerKey.self))
    case "SignerKeyEd25519SignedPayload":
      let key = try reader.bytes32()
      return try text(of: .signedPayload(key: key, payload: try reader.opaque(max: 64)))
    case "AssetCode4": return code(try reader.fixed(4), atLeast: 0)
    case "AssetCode12": return code(try reader.fixed(12), atLeast: 5)
    case "AssetCode":
      switch try reader.i32() {
      case 1: return code(try reader.fixed(4), atLeast: 0)
      case 2: return code(try reader.fixed(12), atLeast: 5)
      case let type: throw .unknownArm(type: name, value: type)
      }
    case "Int128Parts":
      let high = try reader.i64()
      return "\(Int128(high) << 64 | Int128(try reader.u64()))"
    case "UInt128Parts":
      let high = try reader.u64()
      return "\(UInt128(high) << 64 | UInt128(try reader.u64()))"
    case "Int256Parts": return try reader.value(Wide256.self).signedDecimal
    case "UInt256Parts": return try reader.value(Wide256.self).decimal
    default: return nil
    }
  }

  /// As short as it may be: 5 bytes at least tell a long code from a short one.
  private func code(_ bytes: [UInt8], atLeast: Int) -> String {
    let count = (bytes.lastIndex { $0 != 0 } ?? -1) + 1
    return EscapedASCII.encode(bytes.prefix(max(count, atLeast)))
  }

  private func text(of key: SignerKey) throws(XDRError) -> String {
    switch key {
    case .ed25519(let key): return StrKey.account(key)
    case .preAuthTransaction(let hash): return StrKey.encode(.preAuthTransaction, hash.bytes)
    case .hashX(let hash): return StrKey.encode(.hashX, hash.bytes)
    case .signedPayload(let key, let payload):
      guard !payload.isEmpty else { throw .invalid("a signed payload is empty: it has no text") }
      var writer = XDRWriter()
      writer.bytes32(key)
      writer.opaque(payload)
      return StrKey.encode(.signedPayload, writer.bytes)
    }
  }
}

extension XDRJSONEncoder {
  /// Writes a value of such a type; false for any other type, and nothing is written then.
  mutating func special(_ name: String, _ text: String) throws(XDRJSON.Failure) -> Bool {
    switch name {
    case "AccountID", "PublicKey", "NodeID":
      writer.accountID(try key(text, .account, "a G… address"))
    case "ContractID":
      // Some libraries write the bare hash.
      guard let id = StrKey.contract(text) ?? Bytes32(hex: text) else {
        throw wrong("a C… address")
      }
      writer.bytes32(id)
    case "PoolID": writer.bytes32(try key(text, .liquidityPool, "an L… address"))
    case "ClaimableBalanceID":
      guard let payload = StrKey.decode(text, as: .claimableBalance) else {
        throw wrong("a B… address")
      }
      writer.i32(0)
      writer.fixed(payload.dropFirst())
    case "MuxedEd25519Account", "MuxedAccountMed25519":
      guard case .muxed(let id, let key)? = MuxedAccount(text) else { throw wrong("an M… address") }
      writer.u64(id)
      writer.bytes32(key)
    case "MuxedContract":
      guard case .muxedContract(let id, let contract)? = SCAddress(text) else {
        throw wrong("a W… address")
      }
      writer.u64(id)
      writer.bytes32(contract)
    case "MuxedAccount":
      guard let account = MuxedAccount(text) else { throw wrong("a G… or M… address") }
      writer.value(account)
    case "SCAddress":
      guard let address = SCAddress(text) else {
        throw wrong("a G…, C…, M…, B…, L… or W… address")
      }
      writer.value(address)
    case "SignerKey", "SignerKeyEd25519SignedPayload":
      try signer(text, isPayload: name != "SignerKey")
    case "AssetCode4": writer.fixed(try code(text, 0...4, of: 4))
    case "AssetCode12": writer.fixed(try code(text, 5...12, of: 12))
    case "AssetCode":
      let isShort = (EscapedASCII.decode(text)?.count ?? 0) <= 4
      writer.i32(isShort ? 1 : 2)
      writer.fixed(try code(text, isShort ? 0...4 : 5...12, of: isShort ? 4 : 12))
    case "Int128Parts":
      guard let number = Int128(text) else { throw wrong("a 128-bit integer in decimal") }
      writer.i64(Int64(number >> 64))
      writer.u64(UInt64(truncatingIfNeeded: number))
    case "UInt128Parts":
      guard let number = UInt128(text) else {
        throw wrong("an unsigned 128-bit integer in decimal")
      }
      writer.u64(UInt64(number >> 64))
      writer.u64(UInt64(truncatingIfNeeded: number))
    case "Int256Parts":
      guard let number = Wide256(decimal: text), number.signedDecimal == text else {
        throw wrong("a 256-bit integer in decimal")
      }
      writer.value(number)
    case "UInt256Parts":
      guard let number = Wide256(decimal: text), number.decimal == text else {
        throw wrong("an unsigned 256-bit integer in decimal")
      }
      writer.value(number)
    default: return false
    }
    return true
  }

  private func key(
    _ text: String, _ kind: StrKey.Kind, _ expected: String
  ) throws(XDRJSON.Failure) -> Bytes32 {
    guard let payload = StrKey.decode(text, as: kind), let key = Bytes32(payload) else {
      throw wrong(expected)
    }
    return key
  }

  private func code(
    _ text: String, _ counts: ClosedRange<Int>, of size: Int
  ) throws(XDRJSON.Failure) -> [UInt8] {
    guard let bytes = EscapedASCII.decode(text), counts.contains(bytes.count) else {
      throw wrong("an asset code of \(counts.lowerBound) to \(counts.upperBound) characters")
    }
    return bytes + [UInt8](repeating: 0, count: size - bytes.count)
  }

  private mutating func signer(_ text: String, isPayload: Bool) throws(XDRJSON.Failure) {
    guard let (kind, payload) = StrKey.decode(text),
      let type: Int32 = [.account: 0, .preAuthTransaction: 1, .hashX: 2, .signedPayload: 3][kind],
      !isPayload || kind == .signedPayload
    else { throw wrong(isPayload ? "a P… key" : "a G…, T…, X… or P… key") }
    if !isPayload { writer.i32(type) }
    // A signed payload's text carries its XDR as it is.
    writer.fixed(payload)
  }
}
