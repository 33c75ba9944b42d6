package import Bytes
import Sodium

/// How long a contract's entry lives: a temporary one is gone when its time is over, a persistent
/// one is archived.
package enum ContractDataDurability: Int32, Sendable {
  case temporary = 0
  case persistent = 1
}

/// The name of a ledger entry.
package enum LedgerKey: XDRCodable {
  case account(AccountID)
  case trustline(AccountID, TrustLineAsset)
  case offer(seller: AccountID, id: Int64)
  case data(AccountID, name: [UInt8])
  case claimableBalance(Bytes32)
  case liquidityPool(Bytes32)
  case contractData(contract: SCAddress, key: SCVal, durability: ContractDataDurability)
  case contractCode(Bytes32)
  case configSetting(Int32)
  case ttl(keyHash: Bytes32)

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .account(try reader.accountID())
    case 1: self = .trustline(try reader.accountID(), try reader.value())
    case 2: self = .offer(seller: try reader.accountID(), id: try reader.i64())
    case 3: self = .data(try reader.accountID(), name: try reader.opaque(max: 64))
    case 4:
      let type = try reader.i32()
      guard type == 0 else { throw .unknownArm(type: "ClaimableBalanceID", value: type) }
      self = .claimableBalance(try reader.bytes32())
    case 5: self = .liquidityPool(try reader.bytes32())
    case 6:
      self = .contractData(
        contract: try reader.value(), key: try reader.value(), durability: try reader.choice())
    case 7: self = .contractCode(try reader.bytes32())
    case 8: self = .configSetting(try reader.i32())
    case 9: self = .ttl(keyHash: try reader.bytes32())
    case let type: throw .unknownArm(type: "LedgerKey", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.i32(discriminant)
    switch self {
    case .account(let account): writer.accountID(account)
    case .trustline(let account, let asset):
      writer.accountID(account)
      writer.value(asset)
    case .offer(let seller, let id):
      writer.accountID(seller)
      writer.i64(id)
    case .data(let account, let name):
      writer.accountID(account)
      writer.opaque(name)
    case .claimableBalance(let id):
      writer.u32(0)
      writer.bytes32(id)
    case .liquidityPool(let id), .contractCode(let id), .ttl(let id): writer.bytes32(id)
    case .contractData(let contract, let key, let durability):
      writer.value(contract)
      writer.value(key)
      writer.choice(durability)
    case .configSetting(let id): writer.i32(id)
    }
  }

  /// The number of the entry's type.
  package var discriminant: Int32 {
    switch self {
    case .account: 0
    case .trustline: 1
    case .offer: 2
    case .data: 3
    case .claimableBalance: 4
    case .liquidityPool: 5
    case .contractData: 6
    case .contractCode: 7
    case .configSetting: 8
    case .ttl: 9
    }
  }

  /// SHA-256 of the key, under which a contract entry's time to live is kept.
  package var hash: Bytes32 { sha256(xdr) }

  /// The key of this contract entry's time to live.
  package var ttlKey: LedgerKey { .ttl(keyHash: hash) }

  /// The trustline of an account for a plain asset.
  package static func trustline(of account: AccountID, for asset: Asset) -> LedgerKey {
    .trustline(account, .asset(asset))
  }

  /// A contract's instance.
  package static func instance(of contract: Bytes32) -> LedgerKey {
    .contractData(
      contract: .contract(contract), key: .ledgerKeyContractInstance, durability: .persistent)
  }

  package static func temporary(_ contract: Bytes32, _ key: SCVal) -> LedgerKey {
    .contractData(contract: .contract(contract), key: key, durability: .temporary)
  }

  package static func persistent(_ contract: Bytes32, _ key: SCVal) -> LedgerKey {
    .contractData(contract: .contract(contract), key: key, durability: .persistent)
  }
}
