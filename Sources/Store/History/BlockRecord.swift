package import KaleRules
package import Pool

/// One farm block of one farmer, as far as it has been recorded.
package struct BlockRecord: Sendable, Hashable {
  package var block: BlockIndex
  package var planted: Bool
  package var stake: Stroops
  /// Why it was not planted.
  package var missed: String?
  /// Unix seconds at which it was known whether it was planted.
  package var resolvedAt: Int64
  package var zeros: Int?
  package var gap: Int64?
  package var reward: Stroops?
  /// Unix seconds.
  package var harvestedAt: Int64?
  /// Who bears the stake's loss; nil: it was not lost.
  package var payer: Payer?
  package var lossReason: String?
  /// XLM paid for this block's transactions so far.
  package var fees: Stroops
}
