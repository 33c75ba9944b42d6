package import Bytes

/// The closed ledgers that are still served.
package struct LedgerHistory: Sendable {
  /// Ascending without gaps; never empty after genesis.
  private var ledgers: ArraySlice<ClosedLedger> = []
  private var places: [Bytes32: (ledger: UInt32, at: Int)] = [:]
  private let retention: Int
  /// Ledgers after this one are not seen, by a node that is behind.
  private var horizon = UInt32.max

  init(retention: UInt32) { self.retention = max(1, Int(retention)) }

  package var latest: ClosedLedger? {
    guard let last = ledgers.last, last.sequence > horizon else { return ledgers.last }
    return self[horizon]
  }
  package var oldest: ClosedLedger? { ledgers.first }

  package subscript(sequence: UInt32) -> ClosedLedger? {
    guard let first = ledgers.first, sequence >= first.sequence, sequence <= horizon else {
      return nil
    }
    let at = ledgers.startIndex + Int(sequence - first.sequence)
    return at < ledgers.endIndex ? ledgers[at] : nil
  }

  /// The newest `count` ledgers, ascending.
  package func newest(_ count: Int) -> ArraySlice<ClosedLedger> {
    let beyond = Int((ledgers.last?.sequence ?? 0) - (latest?.sequence ?? 0))
    return ledgers.dropLast(beyond).suffix(count)
  }

  /// The history as it ended with a ledger that is still served.
  func limited(to sequence: UInt32) -> LedgerHistory {
    var history = self
    history.horizon = sequence
    return history
  }

  /// A transaction by its hash, a fee bump also by the inner one.
  package func transaction(_ hash: Bytes32) -> (
    ledger: ClosedLedger, transaction: ClosedTransaction
  )? {
    guard let place = places[hash], let ledger = self[place.ledger] else { return nil }
    return (ledger, ledger.transactions[place.at])
  }

  mutating func append(_ ledger: ClosedLedger) {
    ledgers.append(ledger)
    for (at, transaction) in ledger.transactions.enumerated() {
      places[transaction.hash] = (ledger.sequence, at)
      places[transaction.innerHash] = (ledger.sequence, at)
    }
    while ledgers.count > retention, let old = ledgers.popFirst() {
      for transaction in old.transactions {
        places[transaction.hash] = nil
        places[transaction.innerHash] = nil
      }
    }
    // A slice keeps what it was cut from: start anew now and then.
    if ledgers.startIndex > retention { ledgers = ArraySlice(Array(ledgers)) }
  }
}
