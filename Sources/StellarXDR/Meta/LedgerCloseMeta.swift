package import Bytes

/// Everything a ledger did, in the form of version 2 (protocol 23 on); getLatestLedger and
/// getLedgers call it `metadataXdr`. Upgrades and consensus messages are not read: a meta that
/// has any is refused.
package struct LedgerCloseMeta: XDRCodable {
  /// What one transaction did, in the order in which they were applied.
  package struct Transaction: XDRCodable {
    package var hash: Bytes32
    package var result: TransactionResult
    package var feeChanges: [LedgerEntryChange]
    package var meta: TransactionMeta
    package var postFeeChanges: [LedgerEntryChange]

    package init(
      hash: Bytes32, result: TransactionResult, feeChanges: [LedgerEntryChange] = [],
      meta: TransactionMeta, postFeeChanges: [LedgerEntryChange] = []
    ) {
      self.hash = hash
      self.result = result
      self.feeChanges = feeChanges
      self.meta = meta
      self.postFeeChanges = postFeeChanges
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      try reader.noExtension(of: "TransactionResultMetaV1")
      hash = try reader.bytes32()
      result = try reader.value()
      feeChanges = try reader.list()
      meta = try reader.value()
      postFeeChanges = try reader.list()
    }

    package func encode(to writer: inout XDRWriter) {
      writer.noExtension()
      writer.bytes32(hash)
      writer.value(result)
      writer.list(feeChanges)
      writer.value(meta)
      writer.list(postFeeChanges)
    }
  }

  /// Stroops a KB; present with extension 1 only.
  package var sorobanFeeWrite1KB: Int64?
  package var hash: Bytes32
  package var header: LedgerHeader
  package var transactionSet: GeneralizedTransactionSet
  package var transactions: [Transaction]
  package var liveSorobanBytes: UInt64
  package var evictedKeys: [LedgerKey]

  package init(
    header: LedgerHeader, transactionSet: GeneralizedTransactionSet, transactions: [Transaction],
    sorobanFeeWrite1KB: Int64? = nil, liveSorobanBytes: UInt64 = 0, evictedKeys: [LedgerKey] = []
  ) {
    self.sorobanFeeWrite1KB = sorobanFeeWrite1KB
    hash = header.hash
    self.header = header
    self.transactionSet = transactionSet
    self.transactions = transactions
    self.liveSorobanBytes = liveSorobanBytes
    self.evictedKeys = evictedKeys
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    let version = try reader.i32()
    guard version == 2 else { throw .unknownArm(type: "LedgerCloseMeta", value: version) }
    switch try reader.i32() {
    case 0: sorobanFeeWrite1KB = nil
    case 1:
      try reader.noExtension(of: "LedgerCloseMetaExtV1")
      sorobanFeeWrite1KB = try reader.i64()
    case let type: throw .unknownArm(type: "LedgerCloseMeta ext", value: type)
    }
    hash = try reader.bytes32()
    header = try reader.value()
    try reader.noExtension(of: "LedgerHeaderHistoryEntry")
    transactionSet = try reader.value()
    transactions = try reader.list()
    guard try reader.u32() == 0, try reader.u32() == 0 else {
      throw .invalid("LedgerCloseMeta with upgrades or consensus messages is not read")
    }
    liveSorobanBytes = try reader.u64()
    evictedKeys = try reader.list()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(2)
    writer.u32(sorobanFeeWrite1KB == nil ? 0 : 1)
    if let sorobanFeeWrite1KB {
      writer.noExtension()
      writer.i64(sorobanFeeWrite1KB)
    }
    writer.bytes32(hash)
    writer.value(header)
    writer.noExtension()
    writer.value(transactionSet)
    writer.list(transactions)
    writer.u32(0)
    writer.u32(0)
    writer.u64(liveSorobanBytes)
    writer.list(evictedKeys)
  }
}
