/// Limits and prices of reading and writing (`ConfigSettingContractLedgerCostV0`).
///
/// Entries are counted, sizes are bytes, fees stroops.
package struct LedgerCostSetting: XDRCodable {
  package var ledgerDiskReadEntriesMax: UInt32
  package var ledgerDiskReadBytesMax: UInt32
  package var ledgerWriteEntriesMax: UInt32
  /// The limit that fills first on the public network.
  package var ledgerWriteBytesMax: UInt32
  package var txDiskReadEntriesMax: UInt32
  package var txDiskReadBytesMax: UInt32
  package var txWriteEntriesMax: UInt32
  package var txWriteBytesMax: UInt32
  package var feePerDiskReadEntry: Int64
  package var feePerWriteEntry: Int64
  package var feePerDiskRead1KB: Int64
  package var stateTargetBytes: Int64
  package var rentFeePer1KBLow: Int64
  package var rentFeePer1KBHigh: Int64
  package var rentFeeGrowthFactor: UInt32

  package init(
    ledgerDiskReadEntriesMax: UInt32, ledgerDiskReadBytesMax: UInt32, ledgerWriteEntriesMax: UInt32,
    ledgerWriteBytesMax: UInt32, txDiskReadEntriesMax: UInt32, txDiskReadBytesMax: UInt32,
    txWriteEntriesMax: UInt32, txWriteBytesMax: UInt32, feePerDiskReadEntry: Int64,
    feePerWriteEntry: Int64, feePerDiskRead1KB: Int64, stateTargetBytes: Int64,
    rentFeePer1KBLow: Int64, rentFeePer1KBHigh: Int64, rentFeeGrowthFactor: UInt32
  ) {
    self.ledgerDiskReadEntriesMax = ledgerDiskReadEntriesMax
    self.ledgerDiskReadBytesMax = ledgerDiskReadBytesMax
    self.ledgerWriteEntriesMax = ledgerWriteEntriesMax
    self.ledgerWriteBytesMax = ledgerWriteBytesMax
    self.txDiskReadEntriesMax = txDiskReadEntriesMax
    self.txDiskReadBytesMax = txDiskReadBytesMax
    self.txWriteEntriesMax = txWriteEntriesMax
    self.txWriteBytesMax = txWriteBytesMax
    self.feePerDiskReadEntry = feePerDiskReadEntry
    self.feePerWriteEntry = feePerWriteEntry
    self.feePerDiskRead1KB = feePerDiskRead1KB
    self.stateTargetBytes = stateTargetBytes
    self.rentFeePer1KBLow = rentFeePer1KBLow
    self.rentFeePer1KBHigh = rentFeePer1KBHigh
    self.rentFeeGrowthFactor = rentFeeGrowthFactor
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    ledgerDiskReadEntriesMax = try reader.u32()
    ledgerDiskReadBytesMax = try reader.u32()
    ledgerWriteEntriesMax = try reader.u32()
    ledgerWriteBytesMax = try reader.u32()
    txDiskReadEntriesMax = try reader.u32()
    txDiskReadBytesMax = try reader.u32()
    txWriteEntriesMax = try reader.u32()
    txWriteBytesMax = try reader.u32()
    feePerDiskReadEntry = try reader.i64()
    feePerWriteEntry = try reader.i64()
    feePerDiskRead1KB = try reader.i64()
    stateTargetBytes = try reader.i64()
    rentFeePer1KBLow = try reader.i64()
    rentFeePer1KBHigh = try reader.i64()
    rentFeeGrowthFactor = try reader.u32()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(ledgerDiskReadEntriesMax)
    writer.u32(ledgerDiskReadBytesMax)
    writer.u32(ledgerWriteEntriesMax)
    writer.u32(ledgerWriteBytesMax)
    writer.u32(txDiskReadEntriesMax)
    writer.u32(txDiskReadBytesMax)
    writer.u32(txWriteEntriesMax)
    writer.u32(txWriteBytesMax)
    writer.i64(feePerDiskReadEntry)
    writer.i64(feePerWriteEntry)
    writer.i64(feePerDiskRead1KB)
    writer.i64(stateTargetBytes)
    writer.i64(rentFeePer1KBLow)
    writer.i64(rentFeePer1KBHigh)
    writer.u32(rentFeeGrowthFactor)
  }
}
