/// An account's holding of an asset.
package struct TrustLineEntry: XDRCodable {
  /// Bits of `flags`.
  package static let authorized: UInt32 = 1
  package static let maintainLiabilities: UInt32 = 2
  package static let clawback: UInt32 = 4

  package struct ExtensionV1: XDRCodable {
    package var liabilities: AccountEntry.Liabilities
    /// How many liquidity pools use the line; present with extension 2 only.
    package var poolUseCount: Int32?

    package init(liabilities: AccountEntry.Liabilities, poolUseCount: Int32? = nil) {
      self.liabilities = liabilities
      self.poolUseCount = poolUseCount
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      liabilities = try reader.value()
      switch try reader.i32() {
      case 0: poolUseCount = nil
      case 2:
        poolUseCount = try reader.i32()
        try reader.noExtension(of: "TrustLineEntryExtensionV2")
      case let type: throw .unknownArm(type: "TrustLineEntryV1 ext", value: type)
      }
    }

    package func encode(to writer: inout XDRWriter) {
      writer.value(liabilities)
      writer.u32(poolUseCount == nil ? 0 : 2)
      if let poolUseCount {
        writer.i32(poolUseCount)
        writer.noExtension()
      }
    }
  }

  package var account: AccountID
  package var asset: TrustLineAsset
  /// Stroops.
  package var balance: Int64
  /// Stroops.
  package var limit: Int64
  package var flags: UInt32
  package var extensionV1: ExtensionV1?

  package init(
    account: AccountID, asset: TrustLineAsset, balance: Int64, limit: Int64,
    flags: UInt32 = TrustLineEntry.authorized, extensionV1: ExtensionV1? = nil
  ) {
    self.account = account
    self.asset = asset
    self.balance = balance
    self.limit = limit
    self.flags = flags
    self.extensionV1 = extensionV1
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    account = try reader.accountID()
    asset = try reader.value()
    balance = try reader.i64()
    limit = try reader.i64()
    flags = try reader.u32()
    switch try reader.i32() {
    case 0: extensionV1 = nil
    case 1: extensionV1 = try reader.value()
    case let type: throw .unknownArm(type: "TrustLineEntry ext", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.accountID(account)
    writer.value(asset)
    writer.i64(balance)
    writer.i64(limit)
    writer.u32(flags)
    writer.optional(extensionV1)  // ext 0 or 1, like a flag
  }

  package var isAuthorized: Bool { flags & Self.authorized != 0 }
}
