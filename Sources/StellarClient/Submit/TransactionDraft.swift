package import StellarXDR

/// What is to be done on chain, before it has a sequence number, a fee or a signature.
package struct TransactionDraft: Sendable {
  /// Whose sequence number is used and who pays.
  package var source: AccountID
  /// Accounts that sign besides the source, such as a wallet being created.
  package var coSigners: [AccountID] = []
  /// One Soroban operation, or up to 100 classic ones.
  package var operations: [Operation]
  /// Seconds of ledger time after the last closed ledger during which it may be included.
  package var secondsMax: UInt64 = 60
  /// Inclusion fee in stroops an operation; nil takes the submitter's setting.
  package var inclusionFee: Int64?
  /// What the caller wants to find with the intent after a restart. Not read here.
  package var purpose: String

  package init(source: AccountID, operations: [Operation], purpose: String) {
    self.source = source
    self.operations = operations
    self.purpose = purpose
  }

  package init(source: AccountID, _ operation: Operation, purpose: String) {
    self.init(source: source, operations: [operation], purpose: purpose)
  }
}
