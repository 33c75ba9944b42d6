import Bytes
import StellarXDR
import Testing

/// Builds values from what a vector says of them, without any decoding of XDR.
extension VectorJSON {
  func scval() throws -> SCVal {
    let value = self["value"]
    switch self.type.string {
    case "bool": return .bool(value.isTrue)
    case "void": return .void
    case "error": return .error(try scError())
    case "u32": return .u32(try value.integer())
    case "i32": return .i32(try value.integer())
    case "u64": return .u64(try value.integer())
    case "i64": return .i64(try value.integer())
    case "timepoint": return .timepoint(try value.integer())
    case "duration": return .duration(try value.integer())
    case "u128": return .u128(try value.integer())
    case "i128": return .i128(try value.integer())
    case "u256": return .u256(try value.wide())
    case "i256": return .i256(try value.wide())
    case "bytes": return .bytes(try self["hex"].hex())
    case "string": return .string(try self["hex"].hex())
    case "symbol": return .symbol(value.string)
    case "vec": return .vec(try value.array.map { try $0.scval() })
    case "map": return .map(try value.mapEntries())
    case "address": return .address(try value.address())
    case "ledger_key_contract_instance": return .ledgerKeyContractInstance
    case "ledger_key_nonce": return .ledgerKeyNonce(try value.integer())
    case "contract_instance":
      return .contractInstance(
        SCContractInstance(
          executable: try self["executable"].executableModel(),
          storage: self["storage"].isNull ? nil : try self["storage"].mapEntries()))
    case "executable_tag": return .executableTag(Array(value.string.utf8))
    case let other:
      Issue.record("unknown value \(other)")
      return .void
    }
  }

  func mapEntries() throws -> [SCMapEntry] {
    try array.map { SCMapEntry(key: try $0.key.scval(), value: try $0.val.scval()) }
  }

  private func scError() throws -> SCError {
    let type: Int32 = try self["error_type"].integer()
    if type == 0 { return .contract(try self["code"].integer()) }
    return .host(
      try #require(SCError.Source(rawValue: type)),
      try #require(SCError.Code(rawValue: self["code"].integer())))
  }

  func executableModel() throws -> ContractExecutable {
    self.type.string == "wasm"
      ? .wasm(hash: try self["hash"].bytes32()) : .stellarAsset
  }

  func ledgerKey() throws -> LedgerKey {
    switch self.type.string {
    case "account": return .account(try self["account"].account())
    case "trustline":
      return .trustline(
        of: try self["account"].account(),
        for: try self["asset"].asset())
    case "data":
      return .data(
        try self["account"].account(), name: Array(self.name.utf8))
    case "contract_data":
      return .contractData(
        contract: try self["contract"].address(), key: try self["key"].scval(),
        durability: self["durability"].string == "temporary" ? .temporary : .persistent)
    case "contract_code": return .contractCode(try self["hash"].bytes32())
    case "config_setting": return .configSetting(try self["id"].integer())
    case "ttl": return .ttl(keyHash: try self["key_hash"].bytes32())
    case let other:
      Issue.record("unknown key \(other)")
      return .configSetting(0)
    }
  }

  func ledgerKeys() throws -> [LedgerKey] { try array.map { try $0.ledgerKey() } }

  func entryData() throws -> LedgerEntryData {
    switch self.type.string {
    case "account": return .account(try accountEntry())
    case "trustline":
      var entry = TrustLineEntry(
        account: try self["account"].account(),
        asset: .asset(try self["asset"].asset()), balance: try self["balance"].integer(),
        limit: try self["limit"].integer(), flags: try self["flags"].integer())
      if !self["liabilities"].isNull {
        entry.extensionV1 = .init(liabilities: try self["liabilities"].liabilitiesModel())
      }
      return .trustline(entry)
    case "contract_data":
      return .contractData(
        ContractDataEntry(
          contract: try self["contract"].address(), key: try self["key"].scval(),
          durability: self["durability"].string == "temporary" ? .temporary : .persistent,
          value: try self["val"].scval()))
    case "contract_code":
      return .contractCode(
        ContractCodeEntry(
          hash: try self["hash"].bytes32(), code: try self["code"].hex()))
    default:
      return .ttl(
        TTLEntry(
          keyHash: try self["key_hash"].bytes32(), liveUntil: try self["live_until"].integer()))
    }
  }

  private func accountEntry() throws -> AccountEntry {
    AccountEntry(
      account: try self["account"].account(), balance: try self["balance"].integer(),
      sequence: try self["sequence"].integer(), subentries: try self["sub_entries"].integer(),
      flags: try self["flags"].integer(), homeDomain: Array(self["home_domain"].string.utf8),
      thresholds: try self["thresholds"].array.map { try $0.integer() },
      signers: try self["signers"].array.map {
        Signer(key: .ed25519(try $0.key.account()), weight: try $0.weight.integer())
      },
      extensionV1: try self["ext"].accountExtension())
  }

  private func accountExtension() throws -> AccountEntry.ExtensionV1? {
    guard !isNull else { return nil }
    var v1 = AccountEntry.ExtensionV1(liabilities: try self["liabilities"].liabilitiesModel())
    if !self["num_sponsored"].isNull {
      var v2 = AccountEntry.ExtensionV2(
        sponsored: try self["num_sponsored"].integer(),
        sponsoring: try self["num_sponsoring"].integer(),
        signerSponsors: try self["signer_sponsors"].array.map {
          Sponsor($0.isNull ? nil : try $0.account())
        })
      if !self["seq_ledger"].isNull {
        v2.v3 = .init(
          sequenceLedger: try self["seq_ledger"].integer(),
          sequenceTime: try self["seq_time"].integer())
      }
      v1.v2 = v2
    }
    return v1
  }

  private func liabilitiesModel() throws -> AccountEntry.Liabilities {
    .init(buying: try array[0].integer(), selling: try array[1].integer())
  }

  func ledgerEntry() throws -> LedgerEntry {
    let sponsored = self["sponsor"]
    let sponsor: Sponsor? =
      sponsored.string == "none"
      ? nil : Sponsor(sponsored.isNull ? nil : try sponsored.account())
    return LedgerEntry(
      lastModified: try self["last_modified"].integer(), data: try self["data"].entryData(),
      ext: LedgerEntryExtension(sponsor: sponsor))
  }
}
