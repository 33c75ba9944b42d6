import StellarXDR

/// What Soroban transactions pay.
extension NetworkRules {
  var resourceFees: ResourceFees {
    ResourceFees(
      per10KInstructions: compute.feePer10KInstructions,
      perDiskReadEntry: cost.feePerDiskReadEntry, perWriteEntry: cost.feePerWriteEntry,
      perDiskRead1KB: cost.feePerDiskRead1KB, perWrite1KB: writeFeePer1KB,
      perHistorical1KB: historyFeePer1KB, perEvent1KB: eventFeePer1KB,
      perTransaction1KB: txFeePer1KB)
  }

  var rentFees: RentFees {
    RentFees(
      // The devnet's state is nothing beside the target.
      perRent1KB: RentFees.rate(
        stateBytes: 0, target: cost.stateTargetBytes, low: cost.rentFeePer1KBLow,
        high: cost.rentFeePer1KBHigh, growthFactor: Int64(cost.rentFeeGrowthFactor)),
      perWriteEntry: cost.feePerWriteEntry, perWrite1KB: writeFeePer1KB,
      persistentDenominator: archival.persistentRentDenominator,
      temporaryDenominator: archival.temporaryRentDenominator)
  }

  /// What a sent transaction pays for what it declares.
  func nonRefundable(_ frame: TransactionFrame) -> Int64 {
    guard let data = frame.transaction.sorobanData else { return 0 }
    return nonRefundable(data, transactionBytes: frame.byteCount)
  }

  func nonRefundable(_ data: SorobanTransactionData, transactionBytes: Int) -> Int64 {
    let declared = data.resources
    return resourceFees.nonRefundable(
      ResourceFees.Use(
        instructions: Int64(declared.instructions),
        diskReadEntries: Int64(data.diskReadEntries),
        writeEntries: Int64(declared.footprint.readWrite.count),
        diskReadBytes: Int64(declared.diskReadBytes), writeBytes: Int64(declared.writeBytes),
        eventBytes: 0, transactionBytes: Int64(transactionBytes)))
  }

  /// What events and return value cost.
  func events(_ events: [ContractEvent], _ value: SCVal) -> Int64 {
    resourceFees.refundable(
      ResourceFees.Use(
        instructions: 0, diskReadEntries: 0, writeEntries: 0, diskReadBytes: 0, writeBytes: 0,
        eventBytes: Int64(Self.eventBytes(events, value)), transactionBytes: 0))
  }

  static func eventBytes(_ events: [ContractEvent], _ value: SCVal) -> Int {
    events.reduce(value.xdr.count) { $0 + $1.xdr.count }
  }

  /// What new and grown entries cost to keep.
  func rent(_ changes: [Overlay.Change], in sequence: UInt32) -> Int64 {
    let priced = changes.compactMap { change -> RentFees.Change? in
      guard let after = change.after, let last = after.liveUntil else { return nil }
      // What was restored pays as if it were new.
      let before = change.before.flatMap { ($0.liveUntil ?? 0) < sequence ? nil : $0 }
      return RentFees.Change(
        isPersistent: !after.isTemporary, isCode: after.isCode,
        oldBytes: Int64(before?.byteCount ?? 0), newBytes: Int64(after.byteCount),
        oldLiveUntil: Int64(before?.liveUntil ?? 0), newLiveUntil: Int64(last))
    }
    return rentFees.fee(priced, ledger: Int64(sequence))
  }
}

extension SorobanTransactionData {
  /// Entries read from disk: classic ones, and archived ones that are restored.
  var diskReadEntries: Int {
    let keys = resources.footprint.readOnly + resources.footprint.readWrite
    return keys.count(where: \.isClassic) + (archivedEntries?.count ?? 0)
  }
}

extension LedgerKey {
  /// Kept on disk; live Soroban entries are in memory.
  var isClassic: Bool {
    switch self {
    case .contractData, .contractCode: false
    default: true
    }
  }
}
