import Bytes
import StellarXDR
import Synchronization

/// One lane a wallet: its transactions go one after another, each with the next sequence number.
///
/// The network queues one transaction of an account at a time. Lanes of different wallets know
/// nothing of each other; the lock is never held over an `await`.
final class WalletLanes: Sendable {
  /// How many may wait for one wallet. A wallet has a plant, a work and a few harvests a block.
  static let waitersMax = 256

  enum Entry: Sendable {
    /// The lane is the caller's, with the wallet's last sequence number if it is known.
    case entered(sequence: Int64?)
    case full
    case blocked(by: TransactionIntent)
    case cancelled
  }

  private struct Lane {
    var isTaken = true
    var sequence: Int64?
    /// Of the last transaction that was made.
    var made: Bytes32?
    var blocker: TransactionIntent?
    var waiters: [(ticket: UInt64, continuation: CheckedContinuation<Entry, Never>)] = []
  }

  private struct State {
    var lanes: [AccountID: Lane] = [:]
    var nextTicket: UInt64 = 0
  }

  private let state = Mutex(State())

  /// Waits until the wallet's lane is free and takes it. `resolving` passes the block that this
  /// very intent has put up.
  func enter(_ wallet: AccountID, resolving intent: TransactionIntent? = nil) async -> Entry {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let entry: Entry? = state.withLock { state in
          if Task.isCancelled { return .cancelled }
          var lane = state.lanes[wallet] ?? Lane(isTaken: false)
          defer { state.lanes[wallet] = lane }
          if lane.isTaken {
            guard lane.waiters.count < Self.waitersMax else { return .full }
            lane.waiters.append((ticket, continuation))
            return nil
          }
          if let blocker = lane.blocker, blocker.hash != intent?.hash {
            return .blocked(by: blocker)
          }
          lane.isTaken = true
          return .entered(sequence: lane.sequence)
        }
        if let entry { continuation.resume(returning: entry) }
      }
    } onCancel: {
      let waiter = state.withLock { state -> CheckedContinuation<Entry, Never>? in
        guard let at = state.lanes[wallet]?.waiters.firstIndex(where: { $0.ticket == ticket })
        else { return nil }
        return state.lanes[wallet]?.waiters.remove(at: at).continuation
      }
      waiter?.resume(returning: .cancelled)
    }
  }

  /// Notes the wallet's next transaction; false: it is the last one over again.
  func begin(_ hash: Bytes32, of wallet: AccountID) -> Bool {
    state.withLock { state in
      guard state.lanes[wallet]?.made != hash else { return false }
      state.lanes[wallet]?.made = hash
      return true
    }
  }

  /// Lets the wallet go on though its intent was not resolved here.
  func unblock(_ intent: TransactionIntent) {
    state.withLock { state in
      guard state.lanes[intent.source]?.blocker?.hash == intent.hash else { return }
      state.lanes[intent.source]?.blocker = nil
    }
  }

  /// Gives the lane back. `sequence` is the wallet's last number, nil to have it read anew; a
  /// `blocker` keeps everybody out until its intent is resolved.
  func leave(_ wallet: AccountID, sequence: Int64?, blocker: TransactionIntent? = nil) {
    let resumed = state.withLock { state -> [(CheckedContinuation<Entry, Never>, Entry)] in
      guard var lane = state.lanes[wallet] else { return [] }
      defer { state.lanes[wallet] = lane }
      lane.sequence = sequence
      lane.blocker = blocker
      if let blocker {
        defer { lane.waiters = [] }
        lane.isTaken = false
        return lane.waiters.map { ($0.continuation, .blocked(by: blocker)) }
      }
      guard !lane.waiters.isEmpty else {
        lane.isTaken = false
        return []
      }
      return [(lane.waiters.removeFirst().continuation, .entered(sequence: sequence))]
    }
    for (continuation, entry) in resumed { continuation.resume(returning: entry) }
  }
}
