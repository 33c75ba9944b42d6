import Bytes
import StellarXDR

/// What waits to be included: one transaction per source account, and so many as some ledgers hold.
///
/// Source: stellar.md §4, "Mempool"; stellar-core herder/TransactionQueue.cpp, TxQueueLimiter.cpp.
struct TransactionQueue: Sendable {
  struct Entry: Sendable {
    let frame: TransactionFrame
    var ledgersWaited = 0
  }

  /// What taking a transaction in would need.
  enum Admission {
    /// These have to go for it, the lowest offers.
    case room(evicting: [TransactionFrame])
    /// It would have to offer so much for inclusion, in stroops.
    case underbid(inclusionFee: Int64)
  }

  /// A transaction that waited this long is dropped …
  static let ledgersMax = 4
  /// … and its hash is refused for so many ledgers.
  static let banLedgers: UInt32 = 10
  /// Ledgers' worth of transactions that wait at most.
  static let classicLedgers: Int64 = 4
  static let sorobanLedgers: Int64 = 2
  /// By how much a fee bump must outbid what it replaces.
  static let replacementFactor: Int64 = 10

  private var entries: [AccountID: Entry] = [:]
  private var hashes: Set<Bytes32> = []
  private var banned: [Bytes32: UInt32] = [:]
  /// Fees promised by all waiting transactions, by who pays.
  private var promised: [AccountID: Int64] = [:]
  private var classicLoad = LedgerLoad()
  private var sorobanLoad = LedgerLoad()
  /// The best offer that was evicted since the last ledger: what comes must beat it.
  private var evictedClassic: TransactionFrame?
  private var evictedSoroban: TransactionFrame?

  init() {}

  /// For snapshots: the same transactions with the same age, and the same bans.
  init(_ waiting: [Entry], banned: [Bytes32: UInt32]) {
    for entry in waiting {
      add(entry.frame)
      entries[entry.frame.source]?.ledgersWaited = entry.ledgersWaited
    }
    self.banned = banned
  }

  /// What waits and what is refused, in a fixed order.
  var waiting: [Entry] { entries.values.sorted { $0.frame.hash < $1.frame.hash } }
  var bans: [(hash: Bytes32, until: UInt32)] {
    banned.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  var count: Int { entries.count }

  var frames: [TransactionFrame] { entries.values.map(\.frame) }

  func contains(_ hash: Bytes32) -> Bool { hashes.contains(hash) }

  func waiting(for source: AccountID) -> TransactionFrame? { entries[source]?.frame }

  func isBanned(_ hash: Bytes32, in sequence: UInt32) -> Bool {
    banned[hash].map { sequence <= $0 } ?? false
  }

  func promised(by payer: AccountID) -> Int64 { promised[payer] ?? 0 }

  /// Whether there is room for a transaction in place of the one that waits for the same source.
  func admission(of frame: TransactionFrame, rules: NetworkRules) -> Admission {
    let isSoroban = frame.isSoroban
    if let evicted = isSoroban ? evictedSoroban : evictedClassic, !frame.outbids(evicted) {
      return .underbid(inclusionFee: evicted.inclusionFeeToBeat(by: frame))
    }
    let ledgers = isSoroban ? Self.sorobanLedgers : Self.classicLedgers
    let room = LedgerLoad(of: rules, soroban: isSoroban) * ledgers
    var load = isSoroban ? sorobanLoad : classicLoad
    load += LedgerLoad(frame)
    if let waiting = entries[frame.source]?.frame, waiting.isSoroban == isSoroban {
      load -= LedgerLoad(waiting)
    }
    if load.fits(in: room) { return .room(evicting: []) }
    var evicting: [TransactionFrame] = []
    let others = frames.filter { $0.isSoroban == isSoroban && $0.source != frame.source }
    for lowest in others.sorted(by: { $1.outbids($0) || (!$0.outbids($1) && $0.hash < $1.hash) }) {
      guard frame.outbids(lowest) else {
        return .underbid(inclusionFee: lowest.inclusionFeeToBeat(by: frame))
      }
      evicting.append(lowest)
      load -= LedgerLoad(lowest)
      if load.fits(in: room) { return .room(evicting: evicting) }
    }
    // Larger than the whole queue.
    return .underbid(inclusionFee: .max)
  }

  /// Takes a transaction in, in place of the one that waits for the same source.
  mutating func add(_ frame: TransactionFrame) {
    remove(source: frame.source)
    entries[frame.source] = Entry(frame: frame)
    hashes.formUnion([frame.hash, frame.innerHash])
    promised[frame.feeSource, default: 0] += frame.fee
    if frame.isSoroban {
      sorobanLoad += LedgerLoad(frame)
    } else {
      classicLoad += LedgerLoad(frame)
    }
  }

  mutating func remove(source: AccountID) {
    guard let frame = entries.removeValue(forKey: source)?.frame else { return }
    hashes.subtract([frame.hash, frame.innerHash])
    let payer = frame.feeSource
    promised[payer, default: 0] -= frame.fee
    if promised[payer] == 0 { promised[payer] = nil }
    if frame.isSoroban {
      sorobanLoad -= LedgerLoad(frame)
    } else {
      classicLoad -= LedgerLoad(frame)
    }
  }

  /// Drops what had to give way to a better offer.
  mutating func evict(_ frame: TransactionFrame, after sequence: UInt32) {
    ban(frame, after: sequence)
    if frame.isSoroban { evictedSoroban = frame } else { evictedClassic = frame }
  }

  /// Drops it, where it waits, and refuses it for a while.
  mutating func ban(_ frame: TransactionFrame, after sequence: UInt32) {
    if entries[frame.source]?.frame.hash == frame.hash { remove(source: frame.source) }
    banned[frame.hash] = sequence + Self.banLedgers
  }

  /// A ledger closed without those that still wait.
  mutating func age(after sequence: UInt32) {
    evictedClassic = nil
    evictedSoroban = nil
    banned = banned.filter { $0.value > sequence }
    for (source, entry) in entries {
      if entry.ledgersWaited + 1 >= Self.ledgersMax {
        ban(entry.frame, after: sequence)
      } else {
        entries[source]?.ledgersWaited += 1
      }
    }
  }
}
