import StellarXDR
import Testing

/// Against the Python stellar-sdk 16.1.1 (protocol 28), which encoded these.
@Suite struct ConfigSettingTests {
  static let settings: [(String, ConfigSetting)] = [
    (
      "AAAACAAAAAEAAAAAIpIZAAAAAAAX14QAAAAAAAAAAAcCgAAA",
      .compute(
        ComputeSetting(
          ledgerInstructionsMax: 580_000_000, txInstructionsMax: 400_000_000,
          feePer10KInstructions: 7, txMemoryMax: 41_943_040))
    ),
    (
      "AAAACAAAAAIAAAPoAAYagAAAA+kABGAAAAAAyAADDUAAAADJAAIEAAAAAAAAAAYbAAAAAAAACcQAAAAAAAABvwAAAACy"
        + "0F4A////////vZgAAAAAAAAnEAAAE4g=",
      .ledgerCost(
        LedgerCostSetting(
          ledgerDiskReadEntriesMax: 1000, ledgerDiskReadBytesMax: 400_000,
          ledgerWriteEntriesMax: 1001, ledgerWriteBytesMax: 286_720, txDiskReadEntriesMax: 200,
          txDiskReadBytesMax: 200_000, txWriteEntriesMax: 201, txWriteBytesMax: 132_096,
          feePerDiskReadEntry: 1563, feePerWriteEntry: 2500, feePerDiskRead1KB: 447,
          stateTargetBytes: 3_000_000_000, rentFeePer1KBLow: -17000, rentFeePer1KBHigh: 10000,
          rentFeeGrowthFactor: 5000))
    ),
    ("AAAACAAAAAMAAAAAAAAP2w==", .historicalData(feePer1KB: 4059)),
    ("AAAACAAAAAQAAEAAAAAAAAAAE4g=", .events(txBytesMax: 16384, feePer1KB: 5000)),
    (
      "AAAACAAAAAUABBAAAAIEAAAAAAAAAAGW",
      .bandwidth(ledgerBytesMax: 266_240, txBytesMax: 132_096, feePer1KB: 406)
    ),
    (
      "AAAACAAAAAoAL3YAAABDgAAfpAAAAAAAAAAEvwAAAAAAAAl+AAAD6AAAAB4AAABAAAGGoAAAAAc=",
      .stateArchival(
        StateArchivalSetting(
          ttlMax: 3_110_400, temporaryTTLMin: 17280, persistentTTLMin: 2_073_600,
          persistentRentDenominator: 1215, temporaryRentDenominator: 2430,
          archivedEntriesMax: 1000, stateSizeSamples: 30, stateSizeSamplePeriod: 64,
          evictionScanBytes: 100_000, evictionScanLevel: 7))
    ),
    ("AAAACAAAAAsAAAfQ", .executionLanes(ledgerTransactionsMax: 2000)),
    ("AAAACAAAAA4AAAAC", .parallelCompute(clustersMax: 2)),
    ("AAAACAAAAA8AAAGQAAAAAAAAA2s=", .ledgerCostExt(txFootprintMax: 400, writeFeePer1KB: 875)),
    (
      "AAAACAAAABAAABOIAAAD6AAAA+gAAAPoAAAD6A==",
      .consensusTiming(
        ConsensusTimingSetting(
          ledgerTargetClose: 5000, nominationTimeoutInitial: 1000,
          nominationTimeoutIncrement: 1000, ballotTimeoutInitial: 1000,
          ballotTimeoutIncrement: 1000))
    ),
  ]

  @Test(arguments: settings)
  func asOthersWriteThem(text: String, setting: ConfigSetting) throws {
    let entry = LedgerEntryData.configSetting(setting)
    #expect(try LedgerEntryData(base64: text) == entry)
    #expect(entry.base64 == text)
    #expect(entry.key == .configSetting(setting.id.rawValue))
  }

  @Test func everySettingThatIsReadIsTested() {
    #expect(Set(Self.settings.map(\.1.id)) == Set(ConfigSetting.ID.allCases))
  }

  @Test func othersAreNamed() {
    // A cost model: CONFIG_SETTING_CONTRACT_COST_PARAMS_CPU_INSTRUCTIONS, empty.
    #expect(throws: XDRError.unknownArm(type: "ConfigSettingEntry", value: 6)) {
      try LedgerEntryData(xdr: [0, 0, 0, 8, 0, 0, 0, 6, 0, 0, 0, 0])
    }
  }
}
