/// How long entries live and what that costs (`StateArchivalSettings`). Ledgers.
package struct StateArchivalSetting: XDRCodable {
  package var ttlMax: UInt32
  package var temporaryTTLMin: UInt32
  package var persistentTTLMin: UInt32
  package var persistentRentDenominator: Int64
  package var temporaryRentDenominator: Int64
  /// Entries archived in one ledger.
  package var archivedEntriesMax: UInt32
  package var stateSizeSamples: UInt32
  package var stateSizeSamplePeriod: UInt32
  package var evictionScanBytes: UInt32
  package var evictionScanLevel: UInt32

  package init(
    ttlMax: UInt32, temporaryTTLMin: UInt32, persistentTTLMin: UInt32,
    persistentRentDenominator: Int64, temporaryRentDenominator: Int64, archivedEntriesMax: UInt32,
    stateSizeSamples: UInt32, stateSizeSamplePeriod: UInt32, evictionScanBytes: UInt32,
    evictionScanLevel: UInt32
  ) {
    self.ttlMax = ttlMax
    self.temporaryTTLMin = temporaryTTLMin
    self.persistentTTLMin = persistentTTLMin
    self.persistentRentDenominator = persistentRentDenominator
    self.temporaryRentDenominator = temporaryRentDenominator
    self.archivedEntriesMax = archivedEntriesMax
    self.stateSizeSamples = stateSizeSamples
    self.stateSizeSamplePeriod = stateSizeSamplePeriod
    self.evictionScanBytes = evictionScanBytes
    self.evictionScanLevel = evictionScanLevel
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    ttlMax = try reader.u32()
    temporaryTTLMin = try reader.u32()
    persistentTTLMin = try reader.u32()
    persistentRentDenominator = try reader.i64()
    temporaryRentDenominator = try reader.i64()
    archivedEntriesMax = try reader.u32()
    stateSizeSamples = try reader.u32()
    stateSizeSamplePeriod = try reader.u32()
    evictionScanBytes = try reader.u32()
    evictionScanLevel = try reader.u32()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(ttlMax)
    writer.u32(temporaryTTLMin)
    writer.u32(persistentTTLMin)
    writer.i64(persistentRentDenominator)
    writer.i64(temporaryRentDenominator)
    writer.u32(archivedEntriesMax)
    writer.u32(stateSizeSamples)
    writer.u32(stateSizeSamplePeriod)
    writer.u32(evictionScanBytes)
    writer.u32(evictionScanLevel)
  }
}
