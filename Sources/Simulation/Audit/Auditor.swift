import Bytes
import KaleRules
import Pool

/// Holds the pool to its promises, by its own account of what happened.
///
/// It knows what the chain did and what the fault injector did, and reads the journal as the
/// database would have it; it shares no arithmetic with `Pool`. Sources: reliability.md §2,
/// design.md §6 and §7.
struct Auditor {
  let seed: UInt64
  let settings: PoolSettings
  /// Ledgers that a temporary entry lives.
  let life: UInt32
  /// Nothing goes wrong in this run.
  let isFair: Bool
  private(set) var violations: [Violation] = []
  private(set) var faults: [Fault: Int] = [:]
  private(set) var transitions: [Transition: Int] = [:]

  // What the chain knows.
  var pails: [PailID: PailTruth] = [:]
  var openPails: Set<PailID> = []
  var plantingsResolved: Set<PailID> = []
  /// What moved on chain and is in no book yet, by the transaction or transfer that moved it.
  var unbooked: [String: [Movement]] = [:]
  var unbookedSums: [Bytes32: Movement] = [:]
  var toCheck: Set<Bytes32> = []
  var transfersSeen = 0

  // What the journal says.
  var farmers: [FarmerID: FarmerTruth] = [:]
  var farmerOf: [Bytes32: FarmerID] = [:]
  var kinds: [Bytes32: WalletKind] = [:]
  var requests: [PoolerBlock: PlantRequested] = [:]
  var tallies: [PoolerBlock: Tally] = [:]
  var analysed: Set<PoolerBlock> = []
  var intents: [Bytes32: TransactionIntended] = [:]
  var resolved: Set<Bytes32> = []
  var intentOf: [Bytes32: Bytes32] = [:]
  var harvestTransactions: Set<Bytes32> = []
  var harvestPayments: [FarmerID: Set<HarvestPayment>] = [:]
  var deposits: Set<String> = []
  var assignments: [AssignmentMade: Int64] = [:]
  var exitsPaid: Set<ExitID> = []
  var exits: [ExitID: FarmerID] = [:]
  /// Milliseconds of virtual time.
  var exitsAskedAt: [ExitID: Int64] = [:]
  /// The longest from a request to leave until it was paid.
  var longestExit: Int64 = 0
  var agreements: Set<Int64> = []
  /// What poolers owe farmers who have left, by exit.
  var claims: [ExitID: (pooler: PoolerID, amount: Int64)] = [:]
  var queues: [PoolerID: [FarmerID]] = [:]
  var suspended: Set<PoolerID> = []
  var enrolled: [Bytes32: PoolerID] = [:]
  var revoked: Set<Bytes32> = []

  // What the injector did.
  var down: [ClosedRange<Int64>] = []
  var downSince: Int64? = 0
  /// The last start saw an old ledger.
  var startedByOldLedger = false
  var liveSessions: [PoolerID: Int] = [:]
  var absentSince: [PoolerID: Int64] = [:]
  var absences: [PoolerID: [ClosedRange<Int64>]] = [:]
  var refusedForXLM: Set<PailID> = []
  /// By how much a node was behind, or the coordinator did not look, and when: milliseconds.
  private var lags: [(at: Int64, lag: Int64)] = []
  /// Ledgers that a running coordinator followed with the network's own block before it.
  private(set) var ledgersFollowed = 0
  private var sessions = 0

  struct PailID: Hashable {
    var farmer: FarmerID
    var block: BlockIndex
  }

  init(seed: UInt64, settings: PoolSettings, life: UInt32, isFair: Bool) {
    self.isFair = isFair
    self.seed = seed
    self.settings = settings
    self.life = life
  }

  mutating func count(_ fault: Fault) { faults[fault, default: 0] += 1 }
  mutating func count(_ transition: Transition) { transitions[transition, default: 0] += 1 }

  mutating func violate(
    _ rule: String, _ text: String, block: BlockIndex, ledger: LedgerSequence
  ) {
    guard violations.count < 20 else { return }
    violations.append(
      Violation(seed: seed, block: block, ledger: ledger, rule: rule, text: text))
  }

  mutating func nextSession() -> Int {
    sessions += 1
    return sessions
  }

  mutating func followedLedger() { ledgersFollowed += 1 }

  mutating func refusedForXLM(_ submission: Submission) {
    guard submission.kind == .work, let farmer = submission.farmer, let block = submission.block
    else { return }
    refusedForXLM.insert(PailID(farmer: farmer, block: block))
  }

  // MARK: - Who was there

  mutating func coordinatorIsUp(_ isUp: Bool, now: Int64) {
    if isUp {
      if let since = downSince { down.append(since...now) }
      downSince = nil
    } else {
      downSince = now
      for pooler in liveSessions.keys { liveSessions[pooler] = 0 }
      for pooler in absentSince.keys where absences[pooler] != nil {
        absentSince[pooler] = absentSince[pooler] ?? now
      }
      for pooler in liveSessions.keys where absentSince[pooler] == nil { absentSince[pooler] = now }
    }
  }

  /// As the coordinator sees it.
  mutating func session(of pooler: PoolerID, change: Int, now: Int64) {
    let before = liveSessions[pooler, default: 0]
    let after = max(0, before + change)
    liveSessions[pooler] = after
    if before == 0, after > 0 {
      absences[pooler, default: []].append((absentSince[pooler] ?? 0)...now)
      absentSince[pooler] = nil
    } else if before > 0, after == 0 {
      absentSince[pooler] = now
    }
  }

  mutating func node(isBehind lag: Int64, now: Int64) {
    guard lag > 0 else { return }
    lags.append((now, lag))
    if lags.count > 2_000 { lags.removeFirst(1_000) }
  }

  /// The most by which a node was behind in a span.
  func behind(from: Int64, to: Int64) -> Int64 {
    lags.lazy.filter { (from...max(from, to)).contains($0.at) }.map(\.lag).max() ?? 0
  }

  /// How much of a span a pooler had nobody connected.
  func absence(of pooler: PoolerID, _ from: Int64, _ to: Int64) -> Int64 {
    var spans = absences[pooler] ?? []
    if liveSessions[pooler, default: 0] == 0 {
      spans.append((absentSince[pooler] ?? 0)...Int64.max)
    }
    return spans.reduce(0) { $0 + max(0, min($1.upperBound, to) - max($1.lowerBound, from)) }
  }

  func isDown(at time: Int64) -> Bool {
    (down.last.map { $0.contains(time) } ?? false) || (downSince.map { $0 <= time } ?? false)
      || down.suffix(5).contains { $0.contains(time) }
  }

  /// When the coordinator last began to run before `time`.
  func lastStart(before time: Int64) -> Int64 {
    down.last { $0.upperBound <= time }?.upperBound ?? 0
  }
}

/// What the chain knows of a plant of ours.
struct PailTruth {
  let pooler: PoolerID
  let stake: Int64
  let ledger: LedgerSequence
  let plantedAt: Int64
  let until: LedgerSequence
  /// When work for it could be handed over at the latest, by the block's clock.
  let cutOff: Int64
  /// When the coordinator's books knew of it.
  var confirmedAt: Int64?
  var deliveredAt: Int64?
  var nonces: [(at: Int64, zeros: Int)] = []
  var work: (gap: Int64, zeros: Int)?
  /// When the next block opened, and how many ledgers the coordinator had followed by then.
  var closedAt: Int64?
  var followedAtClose = 0
  var followedAtMargin: Int?
  var reward: Int64?
  var end: End?

  enum End { case harvested, lost }
}

/// What came of a farmer's money, from the journal alone.
struct FarmerTruth {
  let wallet: Bytes32
  var agreement: AgreementMade?
  var settings: SettingsChanged?
  var exit: ExitRequested?
  var split: SplitPaid?
  /// Left without terms on chain.
  var isUnsplit = false
  var hasLeft = false
  var rewards: Int64 = 0
  var lossByPooler: Int64 = 0
  /// What the treasury owes and has not paid.
  var owed: Int64 = 0
  /// What the pooler's bond paid into the wallet.
  var bondPaid: Int64 = 0
  var wanted: Set<BlockIndex> = []
}

struct Tally {
  var wanted = 0
  var planted = 0
  var missed = 0
  var worked = 0
  var lost = 0
  var stake: Int64 = 0
  var stakeLost: Int64 = 0
}

/// KALE and native coins that a wallet gained on chain.
struct Movement {
  var wallet: Bytes32
  var kale: Int64 = 0
  var xlm: Int64 = 0
}
