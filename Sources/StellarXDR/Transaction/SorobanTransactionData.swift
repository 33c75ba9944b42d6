/// The entries a Soroban transaction may read, and read and write.
package struct LedgerFootprint: XDRCodable {
  package var readOnly: [LedgerKey]
  package var readWrite: [LedgerKey]

  package init(readOnly: [LedgerKey], readWrite: [LedgerKey]) {
    self.readOnly = readOnly
    self.readWrite = readWrite
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    readOnly = try reader.list()
    readWrite = try reader.list()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.list(readOnly)
    writer.list(readWrite)
  }
}

/// What a Soroban transaction declares it may use.
package struct SorobanResources: XDRCodable {
  package var footprint: LedgerFootprint
  package var instructions: UInt32
  package var diskReadBytes: UInt32
  package var writeBytes: UInt32

  package init(
    footprint: LedgerFootprint, instructions: UInt32, diskReadBytes: UInt32, writeBytes: UInt32
  ) {
    self.footprint = footprint
    self.instructions = instructions
    self.diskReadBytes = diskReadBytes
    self.writeBytes = writeBytes
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    footprint = try reader.value()
    instructions = try reader.u32()
    diskReadBytes = try reader.u32()
    writeBytes = try reader.u32()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.value(footprint)
    writer.u32(instructions)
    writer.u32(diskReadBytes)
    writer.u32(writeBytes)
  }
}

/// The Soroban part of a transaction.
package struct SorobanTransactionData: XDRCodable {
  package var resources: SorobanResources
  /// Stroops, part of the transaction's fee.
  package var resourceFee: Int64
  /// Indexes into `readWrite` of archived entries to restore first, ascending; nil without the
  /// extension of protocol 23.
  package var archivedEntries: [UInt32]?

  package init(
    resources: SorobanResources, resourceFee: Int64, archivedEntries: [UInt32]? = nil
  ) {
    self.resources = resources
    self.resourceFee = resourceFee
    self.archivedEntries = archivedEntries
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: archivedEntries = nil
    case 1: archivedEntries = try reader.list()
    case let type: throw .unknownArm(type: "SorobanTransactionData ext", value: type)
    }
    resources = try reader.value()
    resourceFee = try reader.i64()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(archivedEntries == nil ? 0 : 1)
    if let archivedEntries { writer.list(archivedEntries) }
    writer.value(resources)
    writer.i64(resourceFee)
  }
}
