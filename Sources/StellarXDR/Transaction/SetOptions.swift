/// Changes of an account's own settings; what is nil stays.
package struct SetOptions: XDRCodable {
  package var inflationDestination: AccountID?
  package var clearFlags: UInt32?
  package var setFlags: UInt32?
  package var masterWeight: UInt32?
  package var lowThreshold: UInt32?
  package var mediumThreshold: UInt32?
  package var highThreshold: UInt32?
  /// At most 32 bytes.
  package var homeDomain: [UInt8]?
  /// A weight of 0 removes the signer.
  package var signer: Signer?

  package init() {}

  package init(from reader: inout XDRReader) throws(XDRError) {
    inflationDestination = try reader.optionalAccountID()
    clearFlags = try reader.optional()
    setFlags = try reader.optional()
    masterWeight = try reader.optional()
    lowThreshold = try reader.optional()
    mediumThreshold = try reader.optional()
    highThreshold = try reader.optional()
    homeDomain = try reader.bool() ? reader.opaque(max: 32) : nil
    signer = try reader.optional()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.optionalAccountID(inflationDestination)
    writer.optional(clearFlags)
    writer.optional(setFlags)
    writer.optional(masterWeight)
    writer.optional(lowThreshold)
    writer.optional(mediumThreshold)
    writer.optional(highThreshold)
    writer.bool(homeDomain != nil)
    if let homeDomain { writer.opaque(homeDomain) }
    writer.optional(signer)
  }
}

/// Whose reserve is no longer paid.
package enum RevokeSponsorship: XDRCodable {
  case entry(LedgerKey)
  case signer(AccountID, SignerKey)

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .entry(try reader.value())
    case 1: self = .signer(try reader.accountID(), try reader.value())
    case let type: throw .unknownArm(type: "RevokeSponsorshipOp", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .entry(let key):
      writer.u32(0)
      writer.value(key)
    case .signer(let account, let key):
      writer.u32(1)
      writer.accountID(account)
      writer.value(key)
    }
  }
}
