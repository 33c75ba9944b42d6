import StellarXDR

/// What the newest ledgers replaced, by which the state of an earlier one is seen again. For nodes that
/// lag or lie; the chain itself never looks back.
struct StateUndo: Sendable {
  /// How far one can look back without a pin.
  static let ledgersMax = 64

  private struct Step: Sendable {
    let ledger: UInt32
    /// The entries before that ledger; nil where there were none.
    let replaced: [LedgerKey: StoredEntry?]
  }

  /// Ascending without gaps.
  private var steps: [Step] = []

  mutating func add(_ replaced: [LedgerKey: StoredEntry?], by ledger: UInt32, pinned: UInt32?) {
    steps.append(Step(ledger: ledger, replaced: replaced))
    let needed = min(pinned ?? ledger, ledger - min(ledger, UInt32(Self.ledgersMax)))
    steps.removeAll { $0.ledger <= needed }
  }

  /// The earliest ledger that can be seen again, `latest` being the newest.
  func earliest(_ latest: UInt32) -> UInt32 { steps.first.map { $0.ledger - 1 } ?? latest }

  /// What to look up first to see the state of `ledger`, in this order.
  func layers(since ledger: UInt32) -> [[LedgerKey: StoredEntry?]] {
    steps.filter { $0.ledger > ledger }.map(\.replaced)
  }
}
