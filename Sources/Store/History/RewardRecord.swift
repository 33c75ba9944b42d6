package import Bytes
package import KaleRules

/// One harvest.
package struct RewardRecord: Sendable, Hashable {
  package var block: BlockIndex
  /// Without the stake that came back.
  package var reward: Stroops
  package var stake: Stroops
  package var zeros: Int
  package var gap: Int64
  /// XLM for the harvest.
  package var fee: Stroops
  /// Unix seconds.
  package var harvestedAt: Int64
  package var transaction: Bytes32?
}
