import Bytes
import StellarXDR

/// What waits to be included: one transaction per source account. Source: stellar.md §4, "Mempool".
struct TransactionQueue: Sendable {
  struct Entry: Sendable {
    let frame: TransactionFrame
    var ledgersWaited = 0
  }

  /// A transaction that waited this long is dropped …
  static let ledgersMax = 4
  /// … and its hash is refused for so many ledgers.
  static let banLedgers: UInt32 = 10
  /// Transactions that wait at most; then senders are told to try again.
  static let countMax = 5_000
  /// By how much a fee bump must outbid what it replaces.
  static let replacementFactor: Int64 = 10

  private var entries: [AccountID: Entry] = [:]
  private var hashes: Set<Bytes32> = []
  private var banned: [Bytes32: UInt32] = [:]
  /// Fees promised by all waiting transactions, by who pays.
  private var promised: [AccountID: Int64] = [:]

  var count: Int { entries.count }

  var frames: [TransactionFrame] { entries.values.map(\.frame) }

  func contains(_ hash: Bytes32) -> Bool { hashes.contains(hash) }

  func waiting(for source: AccountID) -> TransactionFrame? { entries[source]?.frame }

  func isBanned(_ hash: Bytes32, in sequence: UInt32) -> Bool {
    banned[hash].map { sequence <= $0 } ?? false
  }

  func promised(by payer: AccountID) -> Int64 { promised[payer] ?? 0 }

  /// Takes a transaction in, in place of the one that waits for the same source.
  mutating func add(_ frame: TransactionFrame) {
    remove(source: frame.source)
    entries[frame.source] = Entry(frame: frame)
    hashes.insert(frame.hash)
    promised[frame.feeSource, default: 0] += frame.fee
  }

  mutating func remove(source: AccountID) {
    guard let entry = entries.removeValue(forKey: source) else { return }
    hashes.remove(entry.frame.hash)
    let payer = entry.frame.feeSource
    promised[payer, default: 0] -= entry.frame.fee
    if promised[payer] == 0 { promised[payer] = nil }
  }

  /// Drops it and refuses it for a while.
  mutating func ban(_ frame: TransactionFrame, after sequence: UInt32) {
    remove(source: frame.source)
    banned[frame.hash] = sequence + Self.banLedgers
  }

  /// A ledger closed without those that still wait.
  mutating func age(after sequence: UInt32) {
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
