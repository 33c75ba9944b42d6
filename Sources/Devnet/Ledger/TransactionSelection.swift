import Bytes
import Sodium
import StellarXDR

/// What goes into a ledger: the best offers that fit, in an order nobody chose.
struct TransactionSelection {
  private(set) var classic: [TransactionFrame] = []
  private(set) var soroban: [TransactionFrame] = []
  /// Stroops per operation: the base fee unless somebody was left out.
  private(set) var classicRate = TransactionCheck.baseFee
  private(set) var sorobanRate = TransactionCheck.baseFee

  /// Chooses among valid `candidates`, none of which offers less than `floor`; `salt` makes the order.
  init(
    _ candidates: [TransactionFrame], capacity: LedgerCapacity, floor: Int64 = 0, farm: LedgerKey,
    salt: Bytes32
  ) {
    let order = candidates.map { (frame: $0, place: sha256(salt.bytes + $0.hash.bytes)) }
    let byOffer = order.sorted { a, b in
      if a.frame.outbids(b.frame) { return true }
      return b.frame.outbids(a.frame) ? false : a.place < b.place
    }
    var room = Room(capacity)
    var taken: [(frame: TransactionFrame, place: Bytes32)] = []
    for item in byOffer where room.take(item.frame, farm: farm) { taken.append(item) }
    taken.sort { $0.place < $1.place }
    classic = taken.map(\.frame).filter { !$0.isSoroban }
    soroban = taken.map(\.frame).filter(\.isSoroban)
    if room.leftClassic { classicRate = classic.map(\.feeRate).min() ?? classicRate }
    if room.leftSoroban { sorobanRate = soroban.map(\.feeRate).min() ?? sorobanRate }
    classicRate = max(classicRate, floor)
    sorobanRate = max(sorobanRate, floor)
  }

  private struct Room {
    var capacity: LedgerCapacity
    var leftClassic = false
    var leftSoroban = false

    init(_ capacity: LedgerCapacity) { self.capacity = capacity }

    /// Whether `frame` fits; what does not fit leaves room for smaller ones.
    mutating func take(_ frame: TransactionFrame, farm: LedgerKey) -> Bool {
      guard frame.isSoroban else {
        let count = Int(frame.paidOperations)
        guard capacity.classicOperations >= count else {
          leftClassic = true
          return false
        }
        capacity.classicOperations -= count
        return true
      }
      let writes = frame.transaction.sorobanData?.resources.footprint.readWrite ?? []
      let farmWrites = writes.contains(farm) ? 1 : 0
      guard capacity.sorobanTransactions >= 1, capacity.writeEntries >= writes.count,
        capacity.farmWrites >= farmWrites
      else {
        leftSoroban = true
        return false
      }
      capacity.sorobanTransactions -= 1
      capacity.writeEntries -= writes.count
      capacity.farmWrites -= farmWrites
      return true
    }
  }
}
