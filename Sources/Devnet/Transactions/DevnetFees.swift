import StellarXDR

/// What Soroban transactions pay and may use on the devnet: mainnet's figures. Source: stellar.md §4.
struct DevnetFees: Sendable {
  static let instructionsMax: UInt32 = 400_000_000
  static let writeBytesMax: UInt32 = 132_096
  static let footprintMax = 400

  let resources = ResourceFees.mainnet
  /// The devnet's state is far below the target, so rent is at its least.
  let rents = RentFees(
    perRent1KB: 1_000, perWriteEntry: 2_500, perWrite1KB: 875, persistentDenominator: 1_215,
    temporaryDenominator: 2_430)

  /// What a sent transaction pays for what it declares.
  func nonRefundable(_ frame: TransactionFrame) -> Int64 {
    guard let data = frame.transaction.sorobanData else { return 0 }
    return nonRefundable(data.resources, transactionBytes: frame.byteCount)
  }

  func nonRefundable(_ declared: SorobanResources, transactionBytes: Int) -> Int64 {
    let keys = declared.footprint.readOnly + declared.footprint.readWrite
    return resources.nonRefundable(
      ResourceFees.Use(
        instructions: Int64(declared.instructions),
        diskReadEntries: Int64(keys.count(where: \.isClassic)),
        writeEntries: Int64(declared.footprint.readWrite.count),
        diskReadBytes: Int64(declared.diskReadBytes), writeBytes: Int64(declared.writeBytes),
        eventBytes: 0, transactionBytes: Int64(transactionBytes)))
  }

  /// What events and return value cost.
  func events(_ events: [ContractEvent], _ value: SCVal) -> Int64 {
    let bytes = events.reduce(value.xdr.count) { $0 + $1.xdr.count }
    return resources.refundable(
      ResourceFees.Use(
        instructions: 0, diskReadEntries: 0, writeEntries: 0, diskReadBytes: 0, writeBytes: 0,
        eventBytes: Int64(bytes), transactionBytes: 0))
  }

  /// What new and grown entries cost to keep.
  func rent(_ changes: [Overlay.Change], in sequence: UInt32) -> Int64 {
    let priced = changes.compactMap { change -> RentFees.Change? in
      guard let after = change.after, let last = after.liveUntil else { return nil }
      return RentFees.Change(
        isPersistent: !after.isTemporary, oldBytes: Int64(change.before?.byteCount ?? 0),
        newBytes: Int64(after.byteCount), oldLiveUntil: Int64(change.before?.liveUntil ?? 0),
        newLiveUntil: Int64(last))
    }
    return rents.fee(priced, ledger: Int64(sequence))
  }
}

extension LedgerKey {
  /// Kept on disk; Soroban entries are in memory.
  var isClassic: Bool {
    switch self {
    case .contractData, .contractCode: false
    default: true
    }
  }
}
