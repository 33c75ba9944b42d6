package import StellarXDR

/// All entries as of the last closed ledger.
package struct LedgerState: Sendable {
  package private(set) var entries: [LedgerKey: StoredEntry] = [:]
  /// Temporary entries by the last ledger in which they live.
  private var expiring: [UInt32: [LedgerKey]] = [:]

  package init() {}

  /// The entry, if it can still be used in ledger `sequence`.
  package func live(_ key: LedgerKey, in sequence: UInt32) -> StoredEntry? {
    guard let stored = entries[key] else { return nil }
    // Persistent entries would be archived; the devnet's are always brought back.
    if stored.isTemporary, let last = stored.liveUntil, last < sequence { return nil }
    return stored
  }

  /// Takes the changes of one ledger; nil removes.
  mutating func commit(_ changes: [LedgerKey: StoredEntry?]) {
    for (key, value) in changes {
      if let value, value.isTemporary, let last = value.liveUntil,
        entries[key]?.liveUntil != last
      {
        expiring[last, default: []].append(key)
      }
      entries[key] = value
    }
  }

  /// Drops the temporary entries whose last ledger was the one before `sequence`.
  mutating func evict(before sequence: UInt32) {
    guard let keys = expiring.removeValue(forKey: sequence - 1) else { return }
    for key in keys {
      if let last = entries[key]?.liveUntil, last < sequence { entries[key] = nil }
    }
  }
}
