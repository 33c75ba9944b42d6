/// How transactions are priced, sent and looked up.
package struct SubmitterSettings: Sendable {
  /// Offered for inclusion, stroops an operation. What is not needed is not charged.
  package var inclusionFee: Int64 = 10_000
  /// The most a transaction may cost in all, stroops (0.5 XLM).
  package var feeMax: Int64 = 5_000_000
  /// Ledgers after which an unseen transaction's bytes are sent again: nodes drop what is not
  /// included in four.
  package var resendAfterLedgers: UInt32 = 5

  package init() {}
}
