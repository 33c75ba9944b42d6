package import Pool
import Synchronization

/// How fast ledger time runs by this machine's clock, measured from the ledgers seen.
///
/// Ledger time and wall time differ on a devnet with a fast clock, and drift on a real network.
/// Used for estimates that agents are given; decisions go by ledger time alone.
package final class Pace: Sendable {
  private let state = Mutex(State())

  private struct State {
    var last: (closeTime: Int64, at: ContinuousClock.Instant)?
    var millisecondsPerSecond = 1_000.0
  }

  /// The weight of what was measured last.
  private static let weight = 0.1

  package init() {}

  package func ledgerClosed(_ closeTime: Int64, at now: ContinuousClock.Instant = .now) {
    state.withLock { state in
      defer { state.last = (closeTime, now) }
      guard let last = state.last, closeTime > last.closeTime else { return }
      let wall = (now - last.at) / .milliseconds(1)
      let measured = wall / Double(closeTime - last.closeTime)
      let weight = state.millisecondsPerSecond == 1_000 ? 1 : Self.weight
      state.millisecondsPerSecond += (measured - state.millisecondsPerSecond) * weight
    }
  }

  /// Wall time since a ledger was last seen; nil before the first.
  package func sinceLedger(at now: ContinuousClock.Instant = .now) -> Duration? {
    state.withLock { $0.last.map { now - $0.at } }
  }

  /// Milliseconds of wall time for `seconds` of ledger time.
  package func milliseconds(_ seconds: Int64) -> UInt32 {
    UInt32(clamping: Int64(Double(max(0, seconds)) * state.withLock { $0.millisecondsPerSecond }))
  }

  /// Wall time in which nonces for the open block are still of use.
  package func remaining(in view: ChainView, _ state: PoolState) -> UInt32 {
    let settings = state.settings
    let handOver = state.handOverLedgersLeft(view) * settings.ledgerSeconds
    return milliseconds(view.openedAt + settings.blockSeconds - handOver - view.closeTime)
  }
}
