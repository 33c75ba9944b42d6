import KaleRules
import Pool
import StellarClient
import StellarXDR
import Synchronization

/// The network's limits as they were read last, and what follows from them.
final class NetworkBook: Sendable {
  private struct State {
    var limits = NetworkLimits()
    /// Of the plants and works that were simulated last.
    var dearest: SorobanResources?
    var readAt: LedgerSequence?
    var doubted: Set<ChainTask> = []

    var farmWritesMax: Int {
      dearest.map { limits.farmWritesMax(like: $0) } ?? limits.farmWritesMax
    }
  }

  /// Validators change limits seldom: they are read again after about an hour of ledgers.
  private static let freshLedgers: UInt32 = 600

  private let state = Mutex(State())
  /// Plants and works under way at a time: as many as fit one ledger, so that none of them waits in
  /// the nodes' queues, where it would raise the price for all.
  let farmWrites: Gate

  init() { farmWrites = Gate(width: NetworkLimits().farmWritesMax) }

  /// Whether a call like this one failed on chain: its next try is simulated.
  func isDoubted(_ submission: Submission) -> Bool {
    ChainTask(submission).map { task in state.withLock { $0.doubted.contains(task) } } ?? false
  }

  func doubt(_ submission: Submission) {
    guard let task = ChainTask(submission) else { return }
    state.withLock { state in
      // Those of blocks long gone.
      if state.doubted.count > Self.doubtedMax { state.doubted = [] }
      state.doubted.insert(task)
    }
  }

  private static let doubtedMax = 10_000

  var limits: NetworkLimits { state.withLock { $0.limits } }

  /// Plants or works that one ledger takes, by what they really declare.
  var farmWritesMax: Int { state.withLock { $0.farmWritesMax } }

  /// What the dearest plant or work declares at present; nil: none was seen yet.
  func note(dearest: SorobanResources?) {
    let width = state.withLock { state -> Int? in
      let before = state.farmWritesMax
      state.dearest = dearest
      return state.farmWritesMax == before ? nil : state.farmWritesMax
    }
    if let width { farmWrites.set(width: width) }
  }

  /// Reads the limits when that is due; true where they are new.
  func refresh(_ rpc: RPCClient, at ledger: LedgerSequence) async throws(RPCError) -> Bool {
    let isDue = state.withLock { $0.readAt.map { ledger >= $0 + Self.freshLedgers } ?? true }
    guard isDue else { return false }
    let read = try await rpc.getNetworkLimits()
    let isNew = state.withLock { state in
      defer {
        state.limits = read
        state.readAt = ledger
      }
      return state.readAt == nil || state.limits != read
    }
    if isNew { farmWrites.set(width: farmWritesMax) }
    return isNew
  }
}
