package import Bytes
package import StellarXDR

/// A transaction as the history keeps and serves it.
package struct ClosedTransaction: Sendable {
  package let hash: Bytes32
  package let innerHash: Bytes32
  package let isFeeBump: Bool
  package let isSuccess: Bool
  /// Its place in the ledger, counted from 1.
  package let order: Int
  package let envelope: [UInt8]
  package let result: [UInt8]
  package let meta: [UInt8]
  package let feeChanges: [UInt8]
  package let refundChanges: [UInt8]
  package let transactionEvents: [[UInt8]]
  /// By operation.
  package let contractEvents: [[[UInt8]]]
  package let diagnosticEvents: [[UInt8]]

  init(_ applied: AppliedTransaction, order: Int, metaVersion: TransactionMeta.Version) {
    hash = applied.frame.hash
    innerHash = applied.frame.innerHash
    isFeeBump = applied.frame.isFeeBump
    isSuccess = applied.result.isSuccess
    self.order = order
    envelope = applied.frame.envelope.xdr
    result = applied.result.xdr
    meta = (metaVersion == .v3 ? applied.meta.inVersion3 : applied.meta).xdr
    feeChanges = Self.xdr(applied.feeChanges)
    refundChanges = Self.xdr(applied.refundChanges)
    transactionEvents = applied.meta.transactionEvents.map(\.xdr)
    contractEvents = applied.meta.operations.map { $0.events.map(\.xdr) }
    diagnosticEvents = applied.meta.diagnosticEvents.map(\.xdr)
  }

  private static func xdr(_ changes: [LedgerEntryChange]) -> [UInt8] {
    var writer = XDRWriter()
    writer.list(changes)
    return writer.bytes
  }
}

/// An event with where it happened.
package struct LedgerEvent: Sendable {
  package let event: ContractEvent
  package let transaction: Bytes32
  /// Counted from 1.
  package let transactionOrder: Int
  package let operation: Int
  /// Among the operation's events.
  package let index: Int
}

/// A ledger as the history keeps and serves it.
package struct ClosedLedger: Sendable {
  package let sequence: UInt32
  /// Unix seconds.
  package let closeTime: UInt64
  package let hash: Bytes32
  package let header: [UInt8]
  package let transactionSet: [UInt8]
  package let transactions: [ClosedTransaction]
  package let events: [LedgerEvent]
  /// What Soroban and classic transactions paid per operation, for fee statistics.
  package let sorobanFees: [Int64]
  package let classicFees: [Int64]

  /// LedgerHeaderHistoryEntry: the header after its hash, as getLedgers tells it.
  package var headerEntry: [UInt8] {
    var writer = XDRWriter()
    writer.bytes32(hash)
    writer.fixed(header)
    writer.noExtension()
    return writer.bytes
  }

  /// LedgerCloseMeta of version 2, put together from what is kept.
  package var metadata: [UInt8] {
    var writer = XDRWriter()
    writer.u32(2)
    writer.noExtension()
    writer.fixed(headerEntry)
    writer.fixed(transactionSet)
    writer.u32(UInt32(transactions.count))
    for transaction in transactions {
      writer.noExtension()
      writer.bytes32(transaction.hash)
      writer.fixed(transaction.result)
      writer.fixed(transaction.feeChanges)
      writer.fixed(transaction.meta)
      writer.fixed(transaction.refundChanges)
    }
    writer.u32(0)  // no upgrades
    writer.u32(0)  // no consensus messages
    writer.u64(0)
    writer.u32(0)  // no evicted keys told
    return writer.bytes
  }
}
