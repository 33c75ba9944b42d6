/// What one operation did. Events stand here from version 4 on.
package struct OperationMeta: Hashable, Sendable {
  package var changes: [LedgerEntryChange]
  package var events: [ContractEvent]

  package init(changes: [LedgerEntryChange], events: [ContractEvent] = []) {
    self.changes = changes
    self.events = events
  }

  init(v3 reader: inout XDRReader) throws(XDRError) {
    changes = try reader.list()
    events = []
  }

  init(v4 reader: inout XDRReader) throws(XDRError) {
    try reader.noExtension(of: "OperationMetaV2")
    changes = try reader.list()
    events = try reader.list()
  }
}

/// What Soroban charged. Stroops.
package struct SorobanFees: XDRCodable {
  package var nonRefundable: Int64
  package var refundable: Int64
  /// Part of `refundable`.
  package var rent: Int64

  package init(nonRefundable: Int64, refundable: Int64, rent: Int64) {
    self.nonRefundable = nonRefundable
    self.refundable = refundable
    self.rent = rent
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    try reader.noExtension(of: "SorobanTransactionMetaExtV1")
    nonRefundable = try reader.i64()
    refundable = try reader.i64()
    rent = try reader.i64()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.noExtension()
    writer.i64(nonRefundable)
    writer.i64(refundable)
    writer.i64(rent)
  }
}

/// The Soroban part of a meta, whichever its version.
package struct SorobanMeta: Hashable, Sendable {
  package var fees: SorobanFees?
  /// Always there in version 3; absent from version 4 on where the call failed.
  package var returnValue: SCVal?

  package init(fees: SorobanFees?, returnValue: SCVal?) {
    self.fees = fees
    self.returnValue = returnValue
  }
}
