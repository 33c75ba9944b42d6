import StellarXDR

/// A transaction in a ledger, with all that is told of it.
struct AppliedTransaction {
  let frame: TransactionFrame
  var result: TransactionResult
  var meta: TransactionMeta
  var feeChanges: [LedgerEntryChange]
  var refundChanges: [LedgerEntryChange] = []
}

extension LedgerEntryChange {
  /// How metas tell `changes`: the entry before, then what became of it; a contract's entry with its
  /// time to live.
  static func list(_ changes: [Overlay.Change], _ sequence: UInt32) -> [LedgerEntryChange] {
    changes.flatMap { change in
      entry(of: change, sequence) + life(of: change, sequence)
    }
  }

  private static func entry(of change: Overlay.Change, _ sequence: UInt32) -> [LedgerEntryChange] {
    guard change.isWritten else { return [] }
    switch (change.before, change.after) {
    case (nil, let after?):
      guard var archived = change.archived?.entry else { return [.created(after.entry)] }
      archived.lastModified = sequence
      let isChanged = archived != after.entry
      return [.restored(archived)] + (isChanged ? [.state(archived), .updated(after.entry)] : [])
    case (let before?, let after?): return [.state(before.entry), .updated(after.entry)]
    case (let before?, nil): return [.state(before.entry), .removed(change.key)]
    case (nil, nil): return []
    }
  }

  private static func life(of change: Overlay.Change, _ sequence: UInt32) -> [LedgerEntryChange] {
    func ttl(_ last: UInt32, modified: UInt32) -> LedgerEntry {
      LedgerEntry(
        lastModified: modified, data: .ttl(TTLEntry(keyHash: change.key.hash, liveUntil: last)))
    }
    let modified = change.before?.entry.lastModified ?? sequence
    switch (change.before?.liveUntil, change.after?.liveUntil) {
    case (nil, let new?):
      let entry = ttl(new, modified: sequence)
      return [change.archived == nil ? .created(entry) : .restored(entry)]
    case (let old?, let new?) where old != new:
      return [.state(ttl(old, modified: modified)), .updated(ttl(new, modified: sequence))]
    case (let old?, nil):
      return [.state(ttl(old, modified: modified)), .removed(change.key.ttlKey)]
    default: return []
    }
  }
}
