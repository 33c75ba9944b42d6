package import Bytes

/// One operation of a transaction. Amounts are stroops.
package struct Operation: XDRCodable {
  /// Who does it, if not the transaction's source.
  package var source: MuxedAccount?
  package var body: Body

  package init(_ body: Body, source: MuxedAccount? = nil) {
    self.source = source
    self.body = body
  }

  /// The operations the pool sends or meets in its own transactions; others are unknown arms.
  package enum Body: XDRCodable {
    case createAccount(destination: AccountID, startingBalance: Int64)
    case payment(destination: MuxedAccount, asset: Asset, amount: Int64)
    case setOptions(SetOptions)
    /// A limit of 0 removes the trustline.
    case changeTrust(ChangeTrustAsset, limit: Int64)
    case accountMerge(destination: MuxedAccount)
    /// Without a value the name is removed.
    case manageData(name: [UInt8], value: [UInt8]?)
    case bumpSequence(to: Int64)
    case beginSponsoringFutureReserves(sponsored: AccountID)
    case endSponsoringFutureReserves
    case revokeSponsorship(RevokeSponsorship)
    case clawback(Asset, from: MuxedAccount, amount: Int64)
    case setTrustLineFlags(trustor: AccountID, asset: Asset, clear: UInt32, set: UInt32)
    case invokeHostFunction(HostFunction, auth: [SorobanAuthorizationEntry])
    case extendFootprintTTL(extendTo: UInt32)
    case restoreFootprint
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    source = try reader.optional()
    body = try reader.value()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.optional(source)
    writer.value(body)
  }

  /// The call of a contract's function.
  package static func invoke(
    _ contract: Bytes32, _ function: String, _ arguments: [SCVal],
    auth: [SorobanAuthorizationEntry] = []
  ) -> Operation {
    let call = InvokeContractArgs(
      contract: .contract(contract), function: function, arguments: arguments)
    return Operation(.invokeHostFunction(.invoke(call), auth: auth))
  }

  /// Whether it needs Soroban's resources, and so a transaction of its own.
  package var isSoroban: Bool {
    switch body {
    case .invokeHostFunction, .extendFootprintTTL, .restoreFootprint: true
    default: false
    }
  }
}
