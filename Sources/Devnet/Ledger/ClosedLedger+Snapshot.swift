import Bytes
import StellarXDR

/// Closed ledgers in snapshots.
extension ClosedLedger {
  func write(to writer: inout XDRWriter) {
    writer.u32(sequence)
    writer.u64(closeTime)
    writer.bytes32(hash)
    writer.opaque(header)
    writer.opaque(transactionSet)
    writer.u32(UInt32(transactions.count))
    for transaction in transactions { transaction.write(to: &writer) }
    writer.u32(UInt32(events.count))
    for event in events {
      writer.value(event.event)
      writer.bytes32(event.transaction)
      for number in [event.transactionOrder, event.operation, event.index] {
        writer.u32(UInt32(number))
      }
    }
    writer.list(sorobanFees)
    writer.list(classicFees)
  }

  init(_ reader: inout XDRReader) throws(XDRError) {
    sequence = try reader.u32()
    closeTime = try reader.u64()
    hash = try reader.bytes32()
    header = try reader.opaque()
    transactionSet = try reader.opaque()
    var transactions: [ClosedTransaction] = []
    for _ in 0..<(try reader.itemCount()) { transactions.append(try ClosedTransaction(&reader)) }
    self.transactions = transactions
    var events: [LedgerEvent] = []
    for _ in 0..<(try reader.itemCount()) {
      events.append(
        LedgerEvent(
          event: try reader.value(), transaction: try reader.bytes32(),
          transactionOrder: Int(try reader.u32()), operation: Int(try reader.u32()),
          index: Int(try reader.u32())))
    }
    self.events = events
    sorobanFees = try reader.list()
    classicFees = try reader.list()
  }
}

extension ClosedTransaction {
  fileprivate func write(to writer: inout XDRWriter) {
    writer.bytes32(hash)
    writer.bytes32(innerHash)
    writer.bool(isFeeBump)
    writer.bool(isSuccess)
    writer.u32(UInt32(order))
    for part in [envelope, result, meta, feeChanges, refundChanges] { writer.opaque(part) }
    writer.opaques(transactionEvents)
    writer.u32(UInt32(contractEvents.count))
    for events in contractEvents { writer.opaques(events) }
    writer.opaques(diagnosticEvents)
  }

  fileprivate init(_ reader: inout XDRReader) throws(XDRError) {
    hash = try reader.bytes32()
    innerHash = try reader.bytes32()
    isFeeBump = try reader.bool()
    isSuccess = try reader.bool()
    order = Int(try reader.u32())
    envelope = try reader.opaque()
    result = try reader.opaque()
    meta = try reader.opaque()
    feeChanges = try reader.opaque()
    refundChanges = try reader.opaque()
    transactionEvents = try reader.opaques()
    var contractEvents: [[[UInt8]]] = []
    for _ in 0..<(try reader.itemCount()) { contractEvents.append(try reader.opaques()) }
    self.contractEvents = contractEvents
    diagnosticEvents = try reader.opaques()
  }
}

extension XDRWriter {
  fileprivate mutating func opaques(_ items: [[UInt8]]) {
    u32(UInt32(items.count))
    for item in items { opaque(item) }
  }
}

extension XDRReader {
  fileprivate mutating func opaques() throws(XDRError) -> [[UInt8]] {
    var items: [[UInt8]] = []
    for _ in 0..<(try itemCount()) { items.append(try opaque()) }
    return items
  }
}
