import StellarXDR

/// Changes on top of a state, in layers that are kept or dropped: the ledger's, the transaction's,
/// the operation's. Local to one closing or simulation, hence a class that nobody shares.
final class Overlay {
  /// One entry before and after; nil where there was or is none.
  struct Change {
    let key: LedgerKey
    let before: StoredEntry?
    let after: StoredEntry?
    /// What was in the archive, if it was brought back.
    var archived: StoredEntry?

    /// Whether the entry itself was written, and not its time to live alone.
    let isWritten: Bool
  }

  private struct Layer {
    var values: [LedgerKey: StoredEntry?] = [:]
    /// Keys in the order of their first write, so that metas come out the same in every run.
    var order: [LedgerKey] = []
    /// Whose time to live alone was changed.
    var extended: Set<LedgerKey> = []
  }

  private let base: LedgerState
  /// The ledger in the making.
  let sequence: UInt32
  private var layers = [Layer()]

  init(_ base: LedgerState, sequence: UInt32) {
    self.base = base
    self.sequence = sequence
  }

  /// The entry as it stands; an expired one is absent.
  subscript(key: LedgerKey) -> StoredEntry? { value(key, below: layers.count) }

  /// Writes or, with nil, removes an entry.
  func write(_ value: StoredEntry?, at key: LedgerKey) {
    var value = value
    value?.entry.lastModified = sequence
    layers[layers.count - 1].extended.remove(key)
    put(value, at: key)
  }

  private func put(_ value: StoredEntry?, at key: LedgerKey) {
    let top = layers.count - 1
    if layers[top].values.updateValue(value, forKey: key) == nil { layers[top].order.append(key) }
  }

  /// The archived entry, unless this ledger brought it back.
  func archived(_ key: LedgerKey) -> StoredEntry? {
    layers.contains { $0.values[key] != nil } ? nil : base.archived(key, in: sequence)
  }

  /// Brings an archived entry back, to live until `last`.
  func restore(_ key: LedgerKey, until last: UInt32) {
    guard var stored = archived(key) else { return }
    stored.liveUntil = last
    write(stored, at: key)
  }

  /// Lets a live entry live longer; the entry itself counts as unwritten.
  func extend(_ key: LedgerKey, until last: UInt32) {
    guard var stored = self[key], let now = stored.liveUntil, now < last else { return }
    stored.liveUntil = last
    let top = layers.count - 1
    if layers[top].values[key] == nil { layers[top].extended.insert(key) }
    put(stored, at: key)
  }

  /// Starts a layer.
  func begin() { layers.append(Layer()) }

  /// Drops the newest layer.
  func rollBack() {
    precondition(layers.count > 1, "the ledger's own layer cannot be dropped")
    layers.removeLast()
  }

  /// Keeps the newest layer's changes and tells them.
  @discardableResult func keep() -> [Change] {
    precondition(layers.count > 1, "the ledger's own layer is taken by all()")
    let changes = pending()
    let layer = layers.removeLast()
    let top = layers.count - 1
    for key in layer.order {
      guard let value = layer.values[key] else { continue }
      if !layer.extended.contains(key) {
        layers[top].extended.remove(key)
      } else if layers[top].values[key] == nil {
        layers[top].extended.insert(key)
      }
      if layers[top].values.updateValue(value, forKey: key) == nil { layers[top].order.append(key) }
    }
    return changes
  }

  /// What the newest layer changes so far.
  func pending() -> [Change] {
    let top = layers.count - 1
    return layers[top].order.compactMap { key in
      let before = value(key, below: top)
      let after = self[key]
      guard before != nil || after != nil else { return nil }
      let archived = before == nil ? base.archived(key, in: sequence) : nil
      return Change(
        key: key, before: before, after: after, archived: archived,
        isWritten: !layers[top].extended.contains(key))
    }
  }

  /// Everything that changed.
  func all() -> [LedgerKey: StoredEntry?] {
    precondition(layers.count == 1, "a layer is still open")
    return layers[0].values
  }

  private func value(_ key: LedgerKey, below layer: Int) -> StoredEntry? {
    for at in (0..<layer).reversed() {
      if let value = layers[at].values[key] { return value }
    }
    return base.live(key, in: sequence)
  }
}
