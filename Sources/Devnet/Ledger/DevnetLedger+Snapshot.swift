import Bytes
import KaleRules
import Sodium
import StellarXDR

/// The whole chain as bytes: entries, history, queue, and what outside farmers have in mind. XDR
/// throughout, of a form of its own.
extension DevnetLedger {
  private static let magic = Array("kalepool devnet snapshot 1".utf8)

  /// SHA-256 over the last ledger's hash and all entries with their lives, by key.
  var stateHash: Bytes32 {
    var writer = XDRWriter()
    writer.bytes32(latest.hash)
    write(entriesTo: &writer)
    return sha256(writer.bytes)
  }

  var snapshot: [UInt8] {
    var writer = XDRWriter()
    writer.opaque(Self.magic)
    writer.u64(settings.ledgerSeconds)
    writer.u64(settings.blockSeconds)
    writer.u32(rules.classicOperationsMax)
    writer.i64(feePool)
    writer.u64(UInt64(transactionsApplied))
    writer.u64(UInt64(transactionsFailed))
    write(entriesTo: &writer)
    let ledgers = history.newest(.max)
    writer.u32(UInt32(ledgers.count))
    for ledger in ledgers { ledger.write(to: &writer) }
    let waiting = queue.waiting
    writer.u32(UInt32(waiting.count))
    for entry in waiting {
      writer.value(entry.frame.envelope)
      writer.u32(UInt32(entry.ledgersWaited))
    }
    writer.u32(UInt32(queue.bans.count))
    for ban in queue.bans {
      writer.bytes32(ban.hash)
      writer.u32(ban.until)
    }
    outside.memory.write(to: &writer)
    return writer.bytes
  }

  /// The chain of a snapshot under this one's settings. Throws where those do not fit.
  func restored(from bytes: [UInt8]) throws(XDRError) -> DevnetLedger {
    var reader = XDRReader(bytes)
    guard try reader.opaque(max: 64) == Self.magic else { throw .invalid("another kind of file") }
    guard try reader.u64() == settings.ledgerSeconds, try reader.u64() == settings.blockSeconds
    else { throw .invalid("ledgers or blocks have other lengths") }
    var ledger = self
    ledger.rules.classicOperationsMax = try reader.u32()
    ledger.feePool = try reader.i64()
    ledger.transactionsApplied = Int(truncatingIfNeeded: try reader.u64())
    ledger.transactionsFailed = Int(truncatingIfNeeded: try reader.u64())
    ledger.state = try Self.state(&reader, rules: &ledger.rules)
    ledger.history = LedgerHistory(retention: settings.retentionLedgers)
    for _ in 0..<(try reader.itemCount()) { ledger.history.append(try ClosedLedger(&reader)) }
    guard ledger.history.latest != nil else { throw .invalid("no ledger") }
    var waiting: [TransactionQueue.Entry] = []
    for _ in 0..<(try reader.itemCount()) {
      let frame = TransactionFrame(try reader.value(), networkID: network.networkID)
      waiting.append(.init(frame: frame, ledgersWaited: Int(try reader.u32())))
    }
    var banned: [Bytes32: UInt32] = [:]
    for _ in 0..<(try reader.itemCount()) { banned[try reader.bytes32()] = try reader.u32() }
    ledger.queue = TransactionQueue(waiting, banned: banned)
    ledger.outside.memory = try OutsideFarmers.Memory(&reader)
    try reader.finish()
    ledger.undo = StateUndo()
    ledger.ordered = [:]
    return ledger
  }

  private func write(entriesTo writer: inout XDRWriter) {
    let entries = state.entries.map { (key: $0.key.xdr, stored: $0.value) }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    writer.u32(UInt32(entries.count))
    for (_, stored) in entries {
      writer.value(stored.entry)
      writer.optional(stored.liveUntil)
    }
  }

  private static func state(_ reader: inout XDRReader, rules: inout NetworkRules)
    throws(XDRError) -> LedgerState
  {
    var entries: [LedgerKey: StoredEntry?] = [:]
    for _ in 0..<(try reader.itemCount()) {
      let entry: LedgerEntry = try reader.value()
      var stored = StoredEntry(entry.data)
      stored.entry = entry
      stored.liveUntil = try reader.optional()
      entries.updateValue(stored, forKey: entry.data.key)
      if case .configSetting(let setting) = entry.data { rules.take(setting) }
    }
    var state = LedgerState()
    state.commit(entries)
    return state
  }
}

extension OutsideFarmers.Memory {
  fileprivate func write(to writer: inout XDRWriter) {
    writer.u64(random)
    writer.optional(openAt)
    writer.bool(plan != nil)
    guard let plan else { return }
    writer.u32(plan.block.rawValue)
    writer.list(plan.plantAt)
    writer.list(plan.workAt)
  }

  fileprivate init(_ reader: inout XDRReader) throws(XDRError) {
    random = try reader.u64()
    openAt = try reader.optional()
    guard try reader.bool() else { return }
    let plan = OutsideFarmers.Plan(
      block: BlockIndex(try reader.u32()), plantAt: try reader.list(), workAt: try reader.list())
    guard plan.plantAt.count == plan.workAt.count else { throw .invalid("half a plan") }
    self.plan = plan
  }
}
