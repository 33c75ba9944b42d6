/// How transactions are priced, sent and looked up.
package struct SubmitterSettings: Sendable {
  /// The least that is offered for inclusion, stroops an operation. What is not needed is not
  /// charged.
  package var inclusionFee: Int64 = 10_000
  /// The most that is offered for inclusion, stroops an operation (0.1 XLM).
  package var inclusionFeeMax: Int64 = 1_000_000
  /// The most a transaction may cost in all, stroops (0.5 XLM).
  package var feeMax: Int64 = 5_000_000
  /// Ledgers after which an unseen transaction's bytes are sent again, to another node first where
  /// there is one: a node that has them says so, and one that lost them takes them anew.
  package var resendAfterLedgers: UInt32 = 1
  /// Ledgers after which more is offered for a transaction that waits. Nodes drop what is not
  /// included in four.
  package var bumpAfterLedgers: UInt32 = 2

  package init() {}
}
