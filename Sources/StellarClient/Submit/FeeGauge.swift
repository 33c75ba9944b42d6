import KaleRules
import Synchronization

/// What inclusion costs at present, from what others paid in the last ledgers.
package final class FeeGauge: Sendable {
  private struct State {
    var stats: FeeStats?
    var askedAt: LedgerSequence = 0
  }

  /// Ledgers for which an answer serves.
  private static let freshLedgers: UInt32 = 4

  private let rpc: RPCClient
  private let settings: SubmitterSettings
  private let state = Mutex(State())

  init(_ rpc: RPCClient, _ settings: SubmitterSettings) {
    self.rpc = rpc
    self.settings = settings
  }

  /// Stroops an operation to offer in the ledger after `ledger`: above what nine in ten paid, twice
  /// that where it is urgent, within the settings' least and most.
  func inclusion(
    isSoroban: Bool, isUrgent: Bool, after ledger: LedgerSequence
  ) async -> Int64 {
    await refresh(after: ledger)
    let stats = state.withLock { $0.stats }
    return offer(isSoroban ? stats?.soroban : stats?.classic, isUrgent: isUrgent)
  }

  /// What an urgent farm call would offer as far as is known; nothing is asked.
  package var urgentOffer: Int64 {
    offer(state.withLock { $0.stats }?.soroban, isUrgent: true)
  }

  private func offer(_ paid: FeeStats.Distribution?, isUrgent: Bool) -> Int64 {
    let usual = paid?.p90 ?? 0
    let wanted = isUrgent ? usual.multipliedReportingOverflow(by: 2).partialValue : usual
    return min(settings.inclusionFeeMax, max(settings.inclusionFee, wanted))
  }

  private func refresh(after ledger: LedgerSequence) async {
    let isDue = state.withLock { state in
      guard state.askedAt == 0 || ledger >= state.askedAt + Self.freshLedgers else {
        return false
      }
      state.askedAt = ledger
      return true
    }
    // Without an answer the last one, or the settings' least, has to do.
    guard isDue, let stats = try? await rpc.getFeeStats() else { return }
    state.withLock { $0.stats = stats }
  }
}
