package import StellarXDR

/// The network's limits and prices, which it obeys and serves as its configuration entries.
package struct NetworkRules: Sendable, Hashable {
  package var compute: ComputeSetting
  package var cost: LedgerCostSetting
  package var historyFeePer1KB: Int64
  package var txEventBytesMax: UInt32
  package var eventFeePer1KB: Int64
  package var ledgerTxBytesMax: UInt32
  package var txBytesMax: UInt32
  package var txFeePer1KB: Int64
  package var archival: StateArchivalSetting
  package var ledgerSorobanTransactionsMax: UInt32
  package var clustersMax: UInt32
  package var txFootprintMax: UInt32
  package var writeFeePer1KB: Int64
  package var timing: ConsensusTimingSetting
  /// Operations of classic transactions in a ledger; of the ledger header, no configuration entry.
  package var classicOperationsMax: UInt32

  /// The public network's since early 2026. Source: stellar.md §4.
  package static let mainnet = NetworkRules(
    compute: ComputeSetting(
      ledgerInstructionsMax: 580_000_000, txInstructionsMax: 400_000_000,
      feePer10KInstructions: 7, txMemoryMax: 41_943_040),
    cost: LedgerCostSetting(
      ledgerDiskReadEntriesMax: 1_000, ledgerDiskReadBytesMax: 400_000,
      ledgerWriteEntriesMax: 1_000, ledgerWriteBytesMax: 286_720, txDiskReadEntriesMax: 200,
      txDiskReadBytesMax: 200_000, txWriteEntriesMax: 200, txWriteBytesMax: 132_096,
      feePerDiskReadEntry: 1_563, feePerWriteEntry: 2_500, feePerDiskRead1KB: 447,
      stateTargetBytes: 3_000_000_000, rentFeePer1KBLow: -17_000, rentFeePer1KBHigh: 10_000,
      rentFeeGrowthFactor: 5_000),
    historyFeePer1KB: 4_059, txEventBytesMax: 16_384, eventFeePer1KB: 5_000,
    ledgerTxBytesMax: 266_240, txBytesMax: 132_096, txFeePer1KB: 406,
    archival: StateArchivalSetting(
      ttlMax: 3_110_400, temporaryTTLMin: 17_280, persistentTTLMin: 2_073_600,
      persistentRentDenominator: 1_215, temporaryRentDenominator: 2_430,
      archivedEntriesMax: 1_000, stateSizeSamples: 30, stateSizeSamplePeriod: 64,
      evictionScanBytes: 100_000, evictionScanLevel: 7),
    ledgerSorobanTransactionsMax: 2_000, clustersMax: 2, txFootprintMax: 400,
    writeFeePer1KB: 875,
    timing: ConsensusTimingSetting(
      ledgerTargetClose: 5_000, nominationTimeoutInitial: 1_000,
      nominationTimeoutIncrement: 1_000, ballotTimeoutInitial: 1_000,
      ballotTimeoutIncrement: 1_000), classicOperationsMax: 1_000)

  /// Ledgers without end: what a transaction may use stays as it is.
  package mutating func liftLedgerLimits() {
    // Far beyond any queue, and far from overflow.
    let endless = UInt32(1) << 31
    compute.ledgerInstructionsMax = Int64(endless) * 1_000_000
    cost.ledgerDiskReadEntriesMax = endless
    cost.ledgerDiskReadBytesMax = endless
    cost.ledgerWriteEntriesMax = endless
    cost.ledgerWriteBytesMax = endless
    ledgerTxBytesMax = endless
    ledgerSorobanTransactionsMax = endless
    classicOperationsMax = endless
  }

  /// As configuration entries.
  var settings: [ConfigSetting] {
    [
      .compute(compute), .ledgerCost(cost), .historicalData(feePer1KB: historyFeePer1KB),
      .events(txBytesMax: txEventBytesMax, feePer1KB: eventFeePer1KB),
      .bandwidth(
        ledgerBytesMax: ledgerTxBytesMax, txBytesMax: txBytesMax, feePer1KB: txFeePer1KB),
      .stateArchival(archival),
      .executionLanes(ledgerTransactionsMax: ledgerSorobanTransactionsMax),
      .parallelCompute(clustersMax: clustersMax),
      .ledgerCostExt(txFootprintMax: txFootprintMax, writeFeePer1KB: writeFeePer1KB),
      .consensusTiming(timing),
    ]
  }

  mutating func take(_ setting: ConfigSetting) {
    switch setting {
    case .compute(let value): compute = value
    case .ledgerCost(let value): cost = value
    case .historicalData(let fee): historyFeePer1KB = fee
    case .events(let bytes, let fee): (txEventBytesMax, eventFeePer1KB) = (bytes, fee)
    case .bandwidth(let ledger, let bytes, let fee):
      (ledgerTxBytesMax, txBytesMax, txFeePer1KB) = (ledger, bytes, fee)
    case .stateArchival(let value): archival = value
    case .executionLanes(let count): ledgerSorobanTransactionsMax = count
    case .parallelCompute(let count): clustersMax = count
    case .ledgerCostExt(let footprint, let fee):
      (txFootprintMax, writeFeePer1KB) = (footprint, fee)
    case .consensusTiming(let value): timing = value
    }
  }

  /// How long what is restored in a ledger lives.
  func restoredUntil(_ sequence: UInt32) -> UInt32 { sequence + archival.persistentTTLMin - 1 }

  /// Throws where no chain can run with them.
  func check() throws(DevnetError) {
    func need(_ isRight: Bool, _ message: String) throws(DevnetError) {
      if !isRight { throw DevnetError(.invalidSetting, message) }
    }
    try need(archival.temporaryTTLMin >= 1, "temporary entries must live a ledger at least")
    try need(archival.persistentTTLMin >= 1, "persistent entries must live a ledger at least")
    try need(archival.ttlMax <= 1 << 30, "entries cannot live longer than 2^30 ledgers")
    try need(
      archival.ttlMax >= max(archival.temporaryTTLMin, archival.persistentTTLMin),
      "entries cannot live shorter at most than at least")
    try need((1...1_000).contains(clustersMax), "ledgers have 1 to 1000 clusters")
    try need(
      (1...1 << 51).contains(compute.ledgerInstructionsMax),
      "a ledger's instructions must be within 1 and 2^51")
    let denominators = [archival.persistentRentDenominator, archival.temporaryRentDenominator]
    try need(denominators.allSatisfy { $0 >= 1 }, "rent is divided by 1 at least")
    try need(cost.stateTargetBytes >= 1, "the state's target must be a byte at least")
  }
}
