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
  /// How metas tell `changes`: the entry before, then what became of it; a new contract entry with
  /// its time to live.
  static func list(_ changes: [Overlay.Change], _ sequence: UInt32) -> [LedgerEntryChange] {
    var list: [LedgerEntryChange] = []
    for change in changes {
      if let before = change.before { list.append(.state(before.entry)) }
      switch (change.before, change.after) {
      case (nil, let after?):
        list.append(.created(after.entry))
        if let last = after.liveUntil {
          let life = TTLEntry(keyHash: change.key.hash, liveUntil: last)
          list.append(.created(LedgerEntry(lastModified: sequence, data: .ttl(life))))
        }
      case (_?, let after?): list.append(.updated(after.entry))
      case (let before?, nil):
        list.append(.removed(change.key))
        if let last = before.liveUntil {
          let life = TTLEntry(keyHash: change.key.hash, liveUntil: last)
          list.append(
            .state(LedgerEntry(lastModified: before.entry.lastModified, data: .ttl(life))))
          list.append(.removed(change.key.ttlKey))
        }
      case (nil, nil): break
      }
    }
    return list
  }
}
