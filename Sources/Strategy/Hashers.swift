import Bytes
import HashEngine
import KaleRules

/// The machines of the pool, with so many hashes for each ledger.
///
/// The pool's policy is the agents' own schedule: who has the fewest zeros comes first, up to what
/// counts. The plain one gives all farmers the same.
struct Hashers {
  struct Found {
    let farmer: Int64
    let nonce: UInt64
    let zeros: Int
  }

  private let policy: StrategyPolicy
  private let kernel = HashKernel.fastest
  /// One for all farmers, or one for each.
  private var schedules: [Schedule] = []
  private var jobs: [HashJob] = []
  private var best: [Int64: Int] = [:]

  init(_ policy: StrategyPolicy) { self.policy = policy }

  /// Zeros found so far, by farmer.
  var zeros: [Int64: Int] { best }

  mutating func begin(_ block: BlockIndex) {
    schedules = []
    jobs = []
    best = [:]
  }

  mutating func add(
    _ farmer: Int64, _ wallet: Bytes32, _ block: BlockIndex, _ entropy: Bytes32,
    zerosMax: Int
  ) {
    jobs.append(
      HashJob(
        id: UInt64(farmer), block: block.rawValue, entropy: entropy, farmer: wallet,
        maxZeros: policy == .pool ? zerosMax : 64))
    switch policy {
    case .pool:
      if schedules.isEmpty { schedules = [Schedule(threads: 1)] }
      schedules[0].update(jobs)
    case .plain:
      var schedule = Schedule(threads: 1)
      schedule.update(jobs.suffix(1))
      schedules.append(schedule)
    }
  }

  /// Tries so many nonces; what is better than what there was, by farmer.
  mutating func hash(_ budget: UInt64) -> [Found] {
    guard !schedules.isEmpty else { return [] }
    var found: [Int64: Found] = [:]
    let each = budget / UInt64(schedules.count)
    for at in schedules.indices {
      var left = each
      while left > 0, let portion = schedules[at].take(limit: min(left, 4_096), now: .now) {
        let trial = kernel.tried(portion)
        left -= min(left, trial.tried)
        guard schedules[at].complete(portion, tried: trial.tried, zeros: trial.best?.zeros),
          let candidate = trial.best
        else { continue }
        let farmer = Int64(portion.jobID)
        best[farmer] = candidate.zeros
        found[farmer] = Found(farmer: farmer, nonce: candidate.nonce, zeros: candidate.zeros)
      }
    }
    return found.values.sorted { $0.farmer < $1.farmer }
  }
}
