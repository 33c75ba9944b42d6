import Bytes
import Coordinator
import KaleRules
import Pool

/// The chain of ``CycleRun``: it includes what it is sent, so much in each ledger, and refuses
/// nothing.
actor CycleChain {
  private let engine: PoolEngine
  private var waiting: [Submission] = []
  private var last: UInt64 = 0

  /// XLM that each costs, and what a harvest and a work return.
  private static let fee: Stroops = 40_000
  private static let reward: Int64 = 1_000_001
  private static let gap: Int64 = 40

  init(engine: PoolEngine) { self.engine = engine }

  /// Takes what is sent, until the engine stops.
  func listen() async {
    for await submission in engine.submissions { waiting.append(submission) }
  }

  /// One ledger: the oldest `limit` transactions are stored, sent and included side by side.
  func include(atMost limit: Int, _ view: ChainView) async throws {
    let included = waiting.prefix(limit)
    waiting.removeFirst(included.count)
    let first = last + 1
    last += UInt64(included.count)
    let engine = engine
    try await withThrowingDiscardingTaskGroup { group in
      for (index, submission) in included.enumerated() {
        group.addTask {
          try await Self.include(submission, number: first + UInt64(index), view, engine)
        }
      }
    }
  }

  private static func include(
    _ submission: Submission, number: UInt64, _ view: ChainView, _ engine: PoolEngine
  ) async throws {
    let hash = key(number, 1)
    // An envelope is about so long.
    try await engine.intend(
      transaction: hash, wallet: submission.wallet, sequence: Int64(number),
      maxTime: view.closeTime + 30, madeAfter: view.ledger,
      envelope: [UInt8](repeating: 7, count: 600))
    var result = ChainResult(transaction: hash, ledger: view.ledger, fee: fee)
    switch submission.kind {
    case .harvest: result.returned = reward
    case .work: result.returned = gap
    default: break
    }
    try await engine.succeeded(submission, result)
  }

  /// 32 bytes that no other number gives.
  static func key(_ number: UInt64, _ kind: UInt64) -> Bytes32 {
    var bytes = [UInt8](repeating: 0, count: 16)
    for word in [kind, number] { withUnsafeBytes(of: word.bigEndian) { bytes += Array($0) } }
    return Bytes32(bytes) ?? .zero  // 16 + 16
  }
}
