import StellarXDR

/// What transactions declare to use of a ledger, or what a ledger has; each part far below 2^62.
struct LedgerLoad: Hashable, Sendable {
  /// In this order: operations of classic or transactions of Soroban, instructions, entries and bytes
  /// read from disk, entries and bytes written, bytes of the transactions.
  private var parts: SIMD8<Int64>

  private init(parts: SIMD8<Int64>) { self.parts = parts }

  init() { parts = .zero }

  init(_ frame: TransactionFrame) {
    guard frame.isSoroban, let data = frame.transaction.sorobanData else {
      self.init(parts: SIMD8(frame.paidOperations, 0, 0, 0, 0, 0, 0, 0))
      return
    }
    let declared = data.resources
    self.init(
      parts: SIMD8(
        1, Int64(declared.instructions), Int64(data.diskReadEntries),
        Int64(declared.diskReadBytes), Int64(declared.footprint.readWrite.count),
        Int64(declared.writeBytes), Int64(frame.byteCount), 0))
  }

  /// What a ledger takes of one kind, over all clusters.
  init(of rules: NetworkRules, soroban: Bool) {
    guard soroban else {
      self.init(parts: SIMD8(Int64(rules.classicOperationsMax), 0, 0, 0, 0, 0, 0, 0))
      return
    }
    let cost = rules.cost
    self.init(
      parts: SIMD8(
        Int64(rules.ledgerSorobanTransactionsMax),
        rules.compute.ledgerInstructionsMax * Int64(rules.clustersMax),
        Int64(cost.ledgerDiskReadEntriesMax), Int64(cost.ledgerDiskReadBytesMax),
        Int64(cost.ledgerWriteEntriesMax), Int64(cost.ledgerWriteBytesMax),
        Int64(rules.ledgerTxBytesMax), 0))
  }

  func fits(in room: LedgerLoad) -> Bool { all(parts .<= room.parts) }

  static func += (a: inout LedgerLoad, b: LedgerLoad) { a.parts &+= b.parts }
  static func -= (a: inout LedgerLoad, b: LedgerLoad) { a.parts &-= b.parts }
  static func * (load: LedgerLoad, factor: Int64) -> LedgerLoad {
    LedgerLoad(parts: load.parts &* factor)
  }
}
