/// What a ledger entry holds; getLedgerEntries calls it `xdr`. Kinds that the pool never meets
/// (offers, claimable balances, liquidity pools) are unknown arms.
package enum LedgerEntryData: XDRCodable {
  case account(AccountEntry)
  case trustline(TrustLineEntry)
  case data(DataEntry)
  case contractData(ContractDataEntry)
  case contractCode(ContractCodeEntry)
  case configSetting(ConfigSetting)
  case ttl(TTLEntry)

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .account(try reader.value())
    case 1: self = .trustline(try reader.value())
    case 3: self = .data(try reader.value())
    case 6: self = .contractData(try reader.value())
    case 7: self = .contractCode(try reader.value())
    case 8: self = .configSetting(try reader.value())
    case 9: self = .ttl(try reader.value())
    case let type: throw .unknownArm(type: "LedgerEntryData", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.i32(key.discriminant)
    switch self {
    case .account(let entry): writer.value(entry)
    case .trustline(let entry): writer.value(entry)
    case .data(let entry): writer.value(entry)
    case .contractData(let entry): writer.value(entry)
    case .contractCode(let entry): writer.value(entry)
    case .configSetting(let setting): writer.value(setting)
    case .ttl(let entry): writer.value(entry)
    }
  }

  /// The entry's name.
  package var key: LedgerKey {
    switch self {
    case .account(let entry): .account(entry.account)
    case .trustline(let entry): .trustline(entry.account, entry.asset)
    case .data(let entry): .data(entry.account, name: entry.name)
    case .contractData(let entry):
      .contractData(contract: entry.contract, key: entry.key, durability: entry.durability)
    case .contractCode(let entry): .contractCode(entry.hash)
    case .configSetting(let setting): .configSetting(setting.id.rawValue)
    case .ttl(let entry): .ttl(keyHash: entry.keyHash)
    }
  }
}

/// An entry with its bookkeeping.
package struct LedgerEntry: XDRCodable {
  /// The ledger that last wrote it.
  package var lastModified: UInt32
  package var data: LedgerEntryData
  package var ext: LedgerEntryExtension

  package init(
    lastModified: UInt32, data: LedgerEntryData, ext: LedgerEntryExtension = .init(sponsor: nil)
  ) {
    self.lastModified = lastModified
    self.data = data
    self.ext = ext
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    lastModified = try reader.u32()
    data = try reader.value()
    ext = try reader.value()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(lastModified)
    writer.value(data)
    writer.value(ext)
  }
}

/// Who pays an entry's reserve, where that was ever said; getLedgerEntries calls it `extXdr`.
package struct LedgerEntryExtension: XDRCodable {
  package var sponsor: Sponsor?

  package init(sponsor: Sponsor?) { self.sponsor = sponsor }

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: sponsor = nil
    case 1:
      sponsor = try reader.value()
      try reader.noExtension(of: "LedgerEntryExtensionV1")
    case let type: throw .unknownArm(type: "LedgerEntry ext", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(sponsor == nil ? 0 : 1)
    if let sponsor {
      writer.value(sponsor)
      writer.noExtension()
    }
  }
}
