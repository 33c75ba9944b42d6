package import StellarXDR

/// What the network allows and charges: read from its settings, the public network's of early 2026
/// where a node does not tell. Source of the defaults: stellar.md §4.
package struct NetworkLimits: Sendable, Hashable {
  /// Of calls that write the same entries, and so run one after another in a ledger.
  package var ledgerInstructionsMax: Int64 = 580_000_000
  package var txInstructionsMax: Int64 = 400_000_000
  package var ledgerWriteBytesMax: Int64 = 286_720
  package var ledgerWriteEntriesMax = 1_000
  package var ledgerTransactionsMax = 2_000
  /// Ledgers that a temporary entry lives at least: how long a pail can be harvested.
  package var temporaryTTLMin: UInt32 = 17_280
  /// Milliseconds from one ledger to the next, as meant.
  package var ledgerTargetClose: UInt32 = 5_000
  package var fees = ResourceFees.mainnet
  /// The rate at its least: it follows the size of the state, which no setting tells.
  package var rents = RentFees(
    perRent1KB: 1_000, perWriteEntry: 2_500, perWrite1KB: 875, persistentDenominator: 1_215,
    temporaryDenominator: 2_430)
  /// Settings that the node did not have: their defaults are used.
  package var missing: [ConfigSetting.ID] = []

  package init() {}

  package init(_ settings: [ConfigSetting.ID: ConfigSetting]) {
    missing = ConfigSetting.ID.allCases.filter { settings[$0] == nil }
    for id in ConfigSetting.ID.allCases { settings[id].map { take($0) } }
  }

  private mutating func take(_ setting: ConfigSetting) {
    switch setting {
    case .compute(let setting):
      ledgerInstructionsMax = setting.ledgerInstructionsMax
      txInstructionsMax = setting.txInstructionsMax
      fees.per10KInstructions = setting.feePer10KInstructions
    case .ledgerCost(let setting):
      ledgerWriteBytesMax = Int64(setting.ledgerWriteBytesMax)
      ledgerWriteEntriesMax = Int(setting.ledgerWriteEntriesMax)
      fees.perDiskReadEntry = setting.feePerDiskReadEntry
      fees.perWriteEntry = setting.feePerWriteEntry
      fees.perDiskRead1KB = setting.feePerDiskRead1KB
      rents.perWriteEntry = setting.feePerWriteEntry
    case .historicalData(let fee): fees.perHistorical1KB = fee
    case .events(_, let fee): fees.perEvent1KB = fee
    case .bandwidth(_, _, let fee): fees.perTransaction1KB = fee
    case .stateArchival(let setting):
      temporaryTTLMin = setting.temporaryTTLMin
      rents.persistentDenominator = setting.persistentRentDenominator
      rents.temporaryDenominator = setting.temporaryRentDenominator
    case .executionLanes(let count): ledgerTransactionsMax = Int(count)
    case .parallelCompute: break  // our plants and works are all in one cluster
    case .ledgerCostExt(_, let fee):
      fees.perWrite1KB = fee
      rents.perWrite1KB = fee
    case .consensusTiming(let setting): ledgerTargetClose = setting.ledgerTargetClose
    }
  }

  /// How many plants or works like this one a ledger takes, if nobody else wants the room.
  package func farmWritesMax(like resources: SorobanResources) -> Int {
    let entries = max(1, resources.footprint.readWrite.count)
    return max(
      1,
      min(
        Int(ledgerInstructionsMax / Int64(max(1, resources.instructions))),
        Int(ledgerWriteBytesMax / Int64(max(1, resources.writeBytes))),
        ledgerWriteEntriesMax / entries, ledgerTransactionsMax))
  }

  /// The same before any call was seen: 4.83 million instructions and 1.6 KB each.
  package var farmWritesMax: Int {
    farmWritesMax(
      like: SorobanResources(
        footprint: LedgerFootprint(readOnly: [], readWrite: []), instructions: 4_830_000,
        diskReadBytes: 0, writeBytes: 1_588))
  }
}

extension RPCClient {
  /// The network's limits and prices. A node that serves no settings gives the defaults.
  package func getNetworkLimits() async throws(RPCError) -> NetworkLimits {
    let ids = ConfigSetting.ID.allCases
    let keys = ids.map { LedgerKey.configSetting($0.rawValue) }
    var settings: [ConfigSetting.ID: ConfigSetting] = [:]
    do throws(RPCError) {
      let entries = try await getLedgerEntries(keys)
      for (id, key) in zip(ids, keys) {
        if case .configSetting(let setting)? = entries[key]?.data { settings[id] = setting }
      }
    } catch {
      // A setting that this build cannot read, or a node that refuses the keys, costs precision.
      switch error.code {
      case .badAnswer, .refused: break
      default: throw error
      }
    }
    return NetworkLimits(settings)
  }
}
