package import KaleRules
package import Pool

/// What a pooler's block has come to so far, counted from the events.
package struct BlockReport: Sendable, Hashable {
  package var block: BlockIndex
  package var pooler: PoolerID
  /// Farmers to plant for when the pooler asked.
  package var wanted: Int
  package var planted = 0
  package var worked = 0
  package var harvested = 0
  /// Missed plantings by reason.
  package var missed: [String: Int] = [:]
  package var stake: Stroops = 0
  package var reward: Stroops = 0
  package var stakeLost: Stroops = 0
  /// XLM.
  package var fees: Stroops = 0
  package var zerosMedian: Double?
  package var zerosMax: Int?
  /// Unix seconds; nil while a planting is open.
  package var resolvedAt: Int64?
}
