package import KaleRules
package import Pool

/// What a pooler's block has come to so far, summed up from the events.
package struct BlockReport: Sendable, Hashable {
  package var block: BlockIndex
  package var pooler: PoolerID
  /// Farmers to plant for when the pooler asked.
  package var wanted: Int
  package var planted = 0
  package var worked = 0
  package var harvested = 0
  package var lost = 0
  /// Missed plantings by reason.
  package var missed: [String: Int] = [:]
  package var stake: Stroops = 0
  package var reward: Stroops = 0
  package var stakeLost: Stroops = 0
  /// XLM.
  package var fees: Stroops = 0
  /// Farmers by the zeros of their work.
  package var zeros: [Int: Int] = [:]
  /// Ledgers between plant and work.
  package var gapMin: Int64?
  package var gapMax: Int64?
  package var gapMean: Double?
  /// Improvements that agents delivered, and the hashes they say they made.
  package var nonces = 0
  package var hashes: Int128 = 0
  package var agents = 0
  /// When the block was seen open, and what followed. Unix milliseconds.
  package var times = Times()
  /// Unix seconds; nil while a planting is open.
  package var resolvedAt: Int64?

  package struct Times: Sendable, Hashable {
    package var detected: Int64?
    package var requested: Int64?
    package var plantSent: Int64?
    package var firstPlanted: Int64?
    package var lastPlanted: Int64?
    package var firstNonce: Int64?
    package var workSent: Int64?
    package var firstWorked: Int64?
    package var lastWorked: Int64?
  }

  package var zerosMin: Int? { zeros.keys.min() }
  package var zerosMax: Int? { zeros.keys.max() }

  /// Of an even number the mean of the middle two.
  package var zerosMedian: Double? {
    let count = zeros.values.reduce(0, +)
    guard count > 0 else { return nil }
    var seen = 0
    var low: Int?
    for (value, farmers) in zeros.sorted(by: { $0.key < $1.key }) {
      seen += farmers
      if low == nil, seen > (count - 1) / 2 { low = value }
      if let low, seen > count / 2 { return Double(low + value) / 2 }
    }
    return nil
  }
}
