package import Bytes

/// Whom a contract deals with.
package enum SCAddress: XDRCodable, CustomStringConvertible {
  case account(AccountID)
  case contract(Bytes32)
  case muxedAccount(id: UInt64, AccountID)
  case claimableBalance(Bytes32)
  case liquidityPool(Bytes32)
  /// From protocol 30 on (CAP-84).
  case muxedContract(id: UInt64, Bytes32)

  /// From `G…`, `C…`, `M…`, `B…`, `L…` or `W…`, or nil.
  package init?(_ text: String) {
    guard let (kind, payload) = StrKey.decode(text) else { return nil }
    switch (kind, Bytes32(payload.prefix(32))) {
    case (.account, let key?): self = .account(key)
    case (.contract, let id?): self = .contract(id)
    case (.muxedAccount, let key?):
      self = .muxedAccount(id: UInt64(bigEndian: payload[32...]), key)
    case (.liquidityPool, let id?): self = .liquidityPool(id)
    case (.muxedContract, let id?):
      self = .muxedContract(id: UInt64(bigEndian: payload[32...]), id)
    case (.claimableBalance, _):
      guard let id = Bytes32(payload.dropFirst()) else { return nil }
      self = .claimableBalance(id)
    default: return nil
    }
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .account(try reader.accountID())
    case 1: self = .contract(try reader.bytes32())
    case 2: self = .muxedAccount(id: try reader.u64(), try reader.bytes32())
    case 3:
      let type = try reader.i32()
      guard type == 0 else { throw .unknownArm(type: "ClaimableBalanceID", value: type) }
      self = .claimableBalance(try reader.bytes32())
    case 4: self = .liquidityPool(try reader.bytes32())
    case 5: self = .muxedContract(id: try reader.u64(), try reader.bytes32())
    case let type: throw .unknownArm(type: "SCAddress", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.i32(discriminant)
    switch self {
    case .account(let key): writer.accountID(key)
    case .contract(let id), .liquidityPool(let id): writer.bytes32(id)
    case .muxedAccount(let id, let key), .muxedContract(let id, let key):
      writer.u64(id)
      writer.bytes32(key)
    case .claimableBalance(let id):
      writer.u32(0)
      writer.bytes32(id)
    }
  }

  package var description: String {
    switch self {
    case .account(let key): StrKey.account(key)
    case .contract(let id): StrKey.contract(id)
    case .muxedAccount(let id, let key):
      StrKey.encode(.muxedAccount, key.bytes + id.bigEndianBytes)
    case .claimableBalance(let id): StrKey.encode(.claimableBalance, [0] + id.bytes)
    case .liquidityPool(let id): StrKey.encode(.liquidityPool, id.bytes)
    case .muxedContract(let id, let contract):
      StrKey.encode(.muxedContract, contract.bytes + id.bigEndianBytes)
    }
  }

  var discriminant: Int32 {
    switch self {
    case .account: 0
    case .contract: 1
    case .muxedAccount: 2
    case .claimableBalance: 3
    case .liquidityPool: 4
    case .muxedContract: 5
    }
  }
}
