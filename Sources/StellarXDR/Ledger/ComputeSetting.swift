/// Limits and price of computing (`ConfigSettingContractComputeV0`).
package struct ComputeSetting: XDRCodable {
  /// Of each cluster that runs in sequence.
  package var ledgerInstructionsMax: Int64
  package var txInstructionsMax: Int64
  /// Stroops.
  package var feePer10KInstructions: Int64
  /// Bytes.
  package var txMemoryMax: UInt32

  package init(
    ledgerInstructionsMax: Int64, txInstructionsMax: Int64, feePer10KInstructions: Int64,
    txMemoryMax: UInt32
  ) {
    self.ledgerInstructionsMax = ledgerInstructionsMax
    self.txInstructionsMax = txInstructionsMax
    self.feePer10KInstructions = feePer10KInstructions
    self.txMemoryMax = txMemoryMax
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    ledgerInstructionsMax = try reader.i64()
    txInstructionsMax = try reader.i64()
    feePer10KInstructions = try reader.i64()
    txMemoryMax = try reader.u32()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.i64(ledgerInstructionsMax)
    writer.i64(txInstructionsMax)
    writer.i64(feePer10KInstructions)
    writer.u32(txMemoryMax)
  }
}
