package import StellarXDR

/// What is to be done on chain, before it has a sequence number, a fee or a signature.
package struct TransactionDraft: Sendable {
  /// Whose sequence number is used, and who pays unless there is a `feeSource`.
  package var source: AccountID
  /// Who pays in place of the source, by a fee bump: then the source needs no XLM of its own.
  package var feeSource: AccountID?
  /// Who pays where the payer cannot, within the sponsor's own rules.
  package var sponsor: AccountID?
  /// Accounts that sign besides the source, such as a wallet being created.
  package var coSigners: [AccountID] = []
  /// One Soroban operation, or up to 100 classic ones.
  package var operations: [Operation]
  /// Resources and authorisations made without simulation; nil: it is simulated.
  package var prepared: PreparedCall?
  /// An entry that the call has to write; a simulation in which it does not is of another block.
  package var mustWrite: LedgerKey?
  /// Seconds of ledger time after the last closed ledger during which it may be included.
  package var secondsMax: UInt64 = 60
  /// A ledger more costs something: more is offered, and more again while it waits.
  package var isUrgent = false
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

/// What a simulation would have given.
package struct PreparedCall: Sendable, Hashable {
  package var data: SorobanTransactionData
  package var auth: [SorobanAuthorizationEntry]

  package init(data: SorobanTransactionData, auth: [SorobanAuthorizationEntry]) {
    self.data = data
    self.auth = auth
  }
}
