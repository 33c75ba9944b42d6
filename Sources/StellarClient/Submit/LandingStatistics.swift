package import KaleRules
import Synchronization

/// How many ledgers after its sending a transaction is included: what decides how early work has to
/// be handed over.
package final class LandingStatistics: Sendable {
  /// Later landings count as never.
  package static let ledgersMax = 8
  /// Counted down by half when it is reached, so that old ones fade.
  private static let memory = 4_000.0
  /// What is taken for granted before anything was seen: 7 % are late by a ledger or more.
  /// Source: kale.md §8.2.
  private static let prior: [Double] = [18.6, 1, 0.3, 0.1]

  private struct State {
    var landed: [Double]
    var all: Double
    var count = 0
  }

  private let state: Mutex<State>

  package init() {
    var landed = [Double](repeating: 0, count: Self.ledgersMax)
    for (at, weight) in Self.prior.enumerated() { landed[at] = weight }
    state = Mutex(State(landed: landed, all: Self.prior.reduce(0, +)))
  }

  /// A transaction sent when `sent` was the last ledger, and the ledger it is in; nil: in none.
  package func note(sent: LedgerSequence, included: LedgerSequence?) {
    state.withLock { state in
      state.count += 1
      state.all += 1
      if let included {
        let late = Int(included.rawValue) - Int(sent.rawValue)
        if late <= Self.ledgersMax { state.landed[max(1, late) - 1] += 1 }
      }
      guard state.all > Self.memory else { return }
      state.all /= 2
      for at in state.landed.indices { state.landed[at] /= 2 }
    }
  }

  /// The chances of landing 1, 2, … ledgers after the last one known when sending. Their sum is
  /// what lands at all.
  package var odds: [Double] { state.withLock { state in state.landed.map { $0 / state.all } } }

  /// Transactions counted since the start.
  package var count: Int { state.withLock { $0.count } }
}
