package import Bytes
package import KaleRules
package import Pool

/// One posting on an account, with what brought it about.
package struct StatementRecord: Sendable, Hashable {
  /// Rises with the journal: position × ``linesMax`` + line.
  package var id: Int64
  /// Unix seconds.
  package var at: Int64
  /// What happened, by the table of its event.
  package var event: String
  package var asset: BookAsset
  /// Signed stroops.
  package var amount: Int64
  /// What the account holds of the asset afterwards.
  package var balance: Int64
  /// The account that gave or got it.
  package var counterpart: BookAccount?
  package var block: BlockIndex?
  /// Who sent a deposit, or where a payout went.
  package var address: String?
  /// Whose fee it is.
  package var kind: TransactionKind?
  package var transaction: Bytes32?

  /// More than any event has postings.
  package static let linesMax: Int64 = 16
}
