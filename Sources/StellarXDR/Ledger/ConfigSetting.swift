/// One of the network's settings: its limits and prices, which validators vote on.
///
/// Those that a client can use are read; the others (cost models, windows) are unknown arms.
/// Source: Stellar-contract-config-setting.x.
package enum ConfigSetting: XDRCodable {
  case compute(ComputeSetting)
  case ledgerCost(LedgerCostSetting)
  /// Stroops a KB of what history keeps.
  case historicalData(feePer1KB: Int64)
  case events(txBytesMax: UInt32, feePer1KB: Int64)
  case bandwidth(ledgerBytesMax: UInt32, txBytesMax: UInt32, feePer1KB: Int64)
  case stateArchival(StateArchivalSetting)
  /// Soroban transactions of a ledger.
  case executionLanes(ledgerTransactionsMax: UInt32)
  /// Clusters of dependent transactions that run side by side.
  case parallelCompute(clustersMax: UInt32)
  case ledgerCostExt(txFootprintMax: UInt32, writeFeePer1KB: Int64)
  case consensusTiming(ConsensusTimingSetting)

  /// The number in `LedgerKey.configSetting`.
  package enum ID: Int32, Sendable, CaseIterable {
    case compute = 1
    case ledgerCost = 2
    case historicalData = 3
    case events = 4
    case bandwidth = 5
    case stateArchival = 10
    case executionLanes = 11
    case parallelCompute = 14
    case ledgerCostExt = 15
    case consensusTiming = 16
  }

  package var id: ID {
    switch self {
    case .compute: .compute
    case .ledgerCost: .ledgerCost
    case .historicalData: .historicalData
    case .events: .events
    case .bandwidth: .bandwidth
    case .stateArchival: .stateArchival
    case .executionLanes: .executionLanes
    case .parallelCompute: .parallelCompute
    case .ledgerCostExt: .ledgerCostExt
    case .consensusTiming: .consensusTiming
    }
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    let number = try reader.i32()
    switch ID(rawValue: number) {
    case .compute: self = .compute(try reader.value())
    case .ledgerCost: self = .ledgerCost(try reader.value())
    case .historicalData: self = .historicalData(feePer1KB: try reader.i64())
    case .events: self = .events(txBytesMax: try reader.u32(), feePer1KB: try reader.i64())
    case .bandwidth:
      self = .bandwidth(
        ledgerBytesMax: try reader.u32(), txBytesMax: try reader.u32(),
        feePer1KB: try reader.i64())
    case .stateArchival: self = .stateArchival(try reader.value())
    case .executionLanes: self = .executionLanes(ledgerTransactionsMax: try reader.u32())
    case .parallelCompute: self = .parallelCompute(clustersMax: try reader.u32())
    case .ledgerCostExt:
      self = .ledgerCostExt(txFootprintMax: try reader.u32(), writeFeePer1KB: try reader.i64())
    case .consensusTiming: self = .consensusTiming(try reader.value())
    case nil: throw .unknownArm(type: "ConfigSettingEntry", value: number)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.i32(id.rawValue)
    switch self {
    case .compute(let setting): writer.value(setting)
    case .ledgerCost(let setting): writer.value(setting)
    case .historicalData(let fee): writer.i64(fee)
    case .events(let bytes, let fee):
      writer.u32(bytes)
      writer.i64(fee)
    case .bandwidth(let ledgerBytes, let txBytes, let fee):
      writer.u32(ledgerBytes)
      writer.u32(txBytes)
      writer.i64(fee)
    case .stateArchival(let setting): writer.value(setting)
    case .executionLanes(let count): writer.u32(count)
    case .parallelCompute(let count): writer.u32(count)
    case .ledgerCostExt(let footprint, let fee):
      writer.u32(footprint)
      writer.i64(fee)
    case .consensusTiming(let setting): writer.value(setting)
    }
  }
}
