/// A classic account.
package struct AccountEntry: XDRCodable {
  /// What offers hold back. Stroops.
  package struct Liabilities: XDRCodable {
    package var buying: Int64
    package var selling: Int64

    package init(buying: Int64, selling: Int64) {
      self.buying = buying
      self.selling = selling
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      buying = try reader.i64()
      selling = try reader.i64()
    }

    package func encode(to writer: inout XDRWriter) {
      writer.i64(buying)
      writer.i64(selling)
    }
  }

  package var account: AccountID
  /// Stroops of XLM.
  package var balance: Int64
  /// The last sequence number used.
  package var sequence: Int64
  package var subentries: UInt32
  package var inflationDestination: AccountID?
  package var flags: UInt32
  package var homeDomain: [UInt8]
  /// Weight of the master key, then the low, medium and high thresholds.
  package var thresholds: [UInt8]
  package var signers: [Signer]
  package var extensionV1: ExtensionV1?

  package init(
    account: AccountID, balance: Int64, sequence: Int64, subentries: UInt32 = 0,
    flags: UInt32 = 0, homeDomain: [UInt8] = [], thresholds: [UInt8] = [1, 0, 0, 0],
    signers: [Signer] = [], extensionV1: ExtensionV1? = nil
  ) {
    precondition(thresholds.count == 4)
    self.account = account
    self.balance = balance
    self.sequence = sequence
    self.subentries = subentries
    self.flags = flags
    self.homeDomain = homeDomain
    self.thresholds = thresholds
    self.signers = signers
    self.extensionV1 = extensionV1
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    account = try reader.accountID()
    balance = try reader.i64()
    sequence = try reader.i64()
    subentries = try reader.u32()
    inflationDestination = try reader.optionalAccountID()
    flags = try reader.u32()
    homeDomain = try reader.opaque(max: 32)
    thresholds = try reader.fixed(4)
    signers = try reader.list(max: 20)
    switch try reader.i32() {
    case 0: extensionV1 = nil
    case 1: extensionV1 = try reader.value()
    case let type: throw .unknownArm(type: "AccountEntry ext", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.accountID(account)
    writer.i64(balance)
    writer.i64(sequence)
    writer.u32(subentries)
    writer.optionalAccountID(inflationDestination)
    writer.u32(flags)
    writer.opaque(homeDomain)
    writer.fixed(thresholds)
    writer.list(signers)
    writer.optional(extensionV1)  // ext 0 or 1, like a flag
  }

  /// Entries this account sponsors for others, and has sponsored by others.
  package var sponsoring: UInt32 { extensionV1?.v2?.sponsoring ?? 0 }
  package var sponsored: UInt32 { extensionV1?.v2?.sponsored ?? 0 }
}
