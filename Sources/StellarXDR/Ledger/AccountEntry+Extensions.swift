extension AccountEntry {
  package struct ExtensionV1: XDRCodable {
    package var liabilities: Liabilities
    package var v2: ExtensionV2?

    package init(liabilities: Liabilities, v2: ExtensionV2? = nil) {
      self.liabilities = liabilities
      self.v2 = v2
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      liabilities = try reader.value()
      switch try reader.i32() {
      case 0: v2 = nil
      case 2: v2 = try reader.value()
      case let type: throw .unknownArm(type: "AccountEntryExtensionV1 ext", value: type)
      }
    }

    package func encode(to writer: inout XDRWriter) {
      writer.value(liabilities)
      writer.u32(v2 == nil ? 0 : 2)
      if let v2 { writer.value(v2) }
    }
  }

  /// Who pays reserves for whom.
  package struct ExtensionV2: XDRCodable {
    package var sponsored: UInt32
    package var sponsoring: UInt32
    package var signerSponsors: [Sponsor]
    package var v3: ExtensionV3?

    package init(
      sponsored: UInt32, sponsoring: UInt32, signerSponsors: [Sponsor] = [],
      v3: ExtensionV3? = nil
    ) {
      self.sponsored = sponsored
      self.sponsoring = sponsoring
      self.signerSponsors = signerSponsors
      self.v3 = v3
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      sponsored = try reader.u32()
      sponsoring = try reader.u32()
      signerSponsors = try reader.list(max: 20)
      switch try reader.i32() {
      case 0: v3 = nil
      case 3: v3 = try reader.value()
      case let type: throw .unknownArm(type: "AccountEntryExtensionV2 ext", value: type)
      }
    }

    package func encode(to writer: inout XDRWriter) {
      writer.u32(sponsored)
      writer.u32(sponsoring)
      writer.list(signerSponsors)
      writer.u32(v3 == nil ? 0 : 3)
      if let v3 { writer.value(v3) }
    }
  }

  /// When the sequence number was last used.
  package struct ExtensionV3: XDRCodable {
    package var sequenceLedger: UInt32
    /// Unix seconds.
    package var sequenceTime: UInt64

    package init(sequenceLedger: UInt32, sequenceTime: UInt64) {
      self.sequenceLedger = sequenceLedger
      self.sequenceTime = sequenceTime
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      try reader.noExtension(of: "AccountEntryExtensionV3")
      sequenceLedger = try reader.u32()
      sequenceTime = try reader.u64()
    }

    package func encode(to writer: inout XDRWriter) {
      writer.noExtension()
      writer.u32(sequenceLedger)
      writer.u64(sequenceTime)
    }
  }
}

/// Who pays a reserve: an account, or nobody else.
package struct Sponsor: XDRCodable {
  package var account: AccountID?

  package init(_ account: AccountID?) { self.account = account }

  package init(from reader: inout XDRReader) throws(XDRError) {
    account = try reader.optionalAccountID()
  }

  package func encode(to writer: inout XDRWriter) { writer.optionalAccountID(account) }
}
