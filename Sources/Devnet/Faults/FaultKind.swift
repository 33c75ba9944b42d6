/// What can go wrong on command: at the network's edge, in a node's answers, or with transactions.
///
/// The raw value is the kind's name in `devnet_fault` and on the command line. ``FaultRule/value`` means
/// something else for each kind.
package enum FaultKind: String, Sendable, CaseIterable {
  /// Answers come `value` milliseconds late.
  case latency
  /// The connection is reset in place of an answer.
  case reset
  /// Nothing listens at the node's address.
  case refused
  /// HTTP status `value` (503) in place of an answer.
  case httpError = "http-error"
  /// An answer that is none, see ``Garbage``; a huge one has `value` bytes.
  case garbage
  /// The node is `value` ledgers (3) behind.
  case lag
  /// The node stands at the ledger in which the fault was switched on.
  case stuck
  /// Entries and simulations are those of `value` ledgers (3) ago under the present ledger's number.
  case staleEntries = "stale-entries"
  /// The farm's index is told `value` (1) too high, or too low where negative.
  case falseIndex = "false-index"
  /// What is sent is answered PENDING, and vanishes.
  case lost
  /// What is sent is answered PENDING and reaches the queue `value` ledgers (3) later.
  case late
  /// What is sent is queued and answered DUPLICATE.
  case duplicate
  /// What is sent is answered TRY_AGAIN_LATER.
  case tryAgainLater = "try-again-later"
  /// What is sent is answered with txBAD_SEQ.
  case badSequence = "bad-sequence"
  /// What is sent is answered with txINSUFFICIENT_FEE; needed are `value` stroops (10,000) per operation.
  case queueFull = "queue-full"
  /// Ledgers are so full that only offers of `value` stroops (10,000) per operation get in.
  case feeSpike = "fee-spike"

  /// What ``FaultRule/value`` is where nothing is said.
  var normalValue: Int64 {
    switch self {
    case .latency: 1_000
    case .httpError: 503
    case .garbage: 64 * 1_024 * 1_024
    case .lag, .staleEntries, .late: 3
    case .falseIndex: 1
    case .queueFull, .feeSpike: 10_000
    default: 0
    }
  }

  /// Which values make sense.
  var values: ClosedRange<Int64> {
    switch self {
    case .latency: 1...600_000
    case .httpError: 400...599
    case .garbage: 1...1 << 32
    case .lag, .staleEntries: 1...Int64(StateUndo.ledgersMax)
    case .late: 1...10_000
    case .falseIndex: -1_000_000...1_000_000
    case .queueFull, .feeSpike: 100...1_000_000_000
    default: 0...0
    }
  }

  /// Faults of the whole network: a node of its own makes no sense for them.
  var isOfTheNetwork: Bool { self == .feeSpike }
}
