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
    _ candidates: [TransactionFrame], rules: NetworkRules, floor: Int64 = 0, salt: Bytes32
  ) {
    let order = candidates.map { (frame: $0, place: sha256(salt.bytes + $0.hash.bytes)) }
    let byOffer = order.sorted { a, b in
      if a.frame.outbids(b.frame) { return true }
      return b.frame.outbids(a.frame) ? false : a.place < b.place
    }
    var room = Room(rules)
    var taken: [(frame: TransactionFrame, place: Bytes32)] = []
    for item in byOffer where room.take(item.frame) { taken.append(item) }
    taken.sort { $0.place < $1.place }
    classic = taken.map(\.frame).filter { !$0.isSoroban }
    soroban = taken.map(\.frame).filter(\.isSoroban)
    if room.leftClassic { classicRate = classic.map(\.feeRate).min() ?? classicRate }
    if room.leftSoroban { sorobanRate = soroban.map(\.feeRate).min() ?? sorobanRate }
    classicRate = max(classicRate, floor)
    sorobanRate = max(sorobanRate, floor)
  }

  private struct Room {
    private var classic: LedgerLoad
    private var soroban: LedgerLoad
    private var clusters: ClusterPacking
    var leftClassic = false
    var leftSoroban = false

    init(_ rules: NetworkRules) {
      classic = LedgerLoad(of: rules, soroban: false)
      soroban = LedgerLoad(of: rules, soroban: true)
      clusters = ClusterPacking(rules)
    }

    /// Whether `frame` fits; what does not fit leaves room for smaller ones.
    mutating func take(_ frame: TransactionFrame) -> Bool {
      let load = LedgerLoad(frame)
      guard let data = frame.transaction.sorobanData, frame.isSoroban else {
        guard load.fits(in: classic) else {
          leftClassic = true
          return false
        }
        classic -= load
        return true
      }
      guard load.fits(in: soroban), clusters.take(data) else {
        leftSoroban = true
        return false
      }
      soroban -= load
      return true
    }
  }
}
