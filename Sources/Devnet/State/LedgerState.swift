package import StellarXDR

/// All entries as of a closed ledger.
package struct LedgerState: Sendable {
  package private(set) var entries: [LedgerKey: StoredEntry] = [:]
  /// Temporary entries by the last ledger in which they live.
  private var expiring: [UInt32: [LedgerKey]] = [:]
  /// Looked up first, in this order: what newer ledgers replaced, see ``StateUndo``.
  private var replaced: [[LedgerKey: StoredEntry?]] = []

  package init() {}

  /// The entry, if it can still be used in ledger `sequence`.
  package func live(_ key: LedgerKey, in sequence: UInt32) -> StoredEntry? {
    guard let stored = stored(key), stored.isLive(in: sequence) else { return nil }
    return stored
  }

  /// The persistent entry whose time was over before ledger `sequence`: it can be restored.
  package func archived(_ key: LedgerKey, in sequence: UInt32) -> StoredEntry? {
    guard let stored = stored(key), !stored.isTemporary, !stored.isLive(in: sequence) else {
      return nil
    }
    return stored
  }

  private func stored(_ key: LedgerKey) -> StoredEntry? {
    for layer in replaced {
      if let before = layer[key] { return before }
    }
    return entries[key]
  }

  /// The state as it was before `layers` were replaced.
  func rewound(by layers: [[LedgerKey: StoredEntry?]]) -> LedgerState {
    var state = self
    state.replaced = layers
    return state
  }

  /// Takes the changes of one ledger, nil removes; gives what they replaced.
  @discardableResult
  mutating func commit(_ changes: [LedgerKey: StoredEntry?]) -> [LedgerKey: StoredEntry?] {
    var before: [LedgerKey: StoredEntry?] = [:]
    for (key, value) in changes {
      before.updateValue(entries[key], forKey: key)
      if let value, value.isTemporary, let last = value.liveUntil,
        entries[key]?.liveUntil != last
      {
        expiring[last, default: []].append(key)
      }
      entries[key] = value
    }
    return before
  }

  /// Drops the temporary entries whose last ledger was the one before `sequence`, and gives them.
  @discardableResult mutating func evict(before sequence: UInt32) -> [LedgerKey: StoredEntry?] {
    var evicted: [LedgerKey: StoredEntry?] = [:]
    for key in expiring.removeValue(forKey: sequence - 1) ?? [] {
      guard let stored = entries[key], let last = stored.liveUntil, last < sequence else {
        continue
      }
      evicted.updateValue(stored, forKey: key)
      entries[key] = nil
    }
    return evicted
  }
}
