import StellarXDR

/// Why there is no outcome.
package struct SubmitError: Error, Sendable, CustomStringConvertible {
  /// What a caller may act on.
  package enum Code: Sendable {
    /// The call would fail now, and with this. Nothing was sent.
    case wouldFail(CallFailure)
    /// The source account does not exist (on the ledger the node has). Nothing was sent.
    case accountMissing
    /// More than the setting allows. Nothing was sent.
    case feeAboveCap(needed: Int64, cap: Int64)
    /// The signer refused. Nothing was sent.
    case notSigned
    /// The intent could not be stored. Nothing was sent.
    case notStored
    /// The network could not be asked. Nothing was sent: try later.
    case networkUnavailable(RPCError)
    /// Bytes and hash would be those of the wallet's last transaction, whose end is known. Nothing
    /// was sent: in the next ledger it is another.
    case sameAsBefore
    /// The draft cannot be a transaction. Nothing was sent.
    case badDraft
    /// Too many wait for this wallet already. Nothing was sent.
    case laneFull
    /// An earlier transaction of this wallet has to be resolved first. Nothing was sent.
    case laneBlocked(by: TransactionIntent)
    /// Sent or perhaps sent, and the outcome is not known, because the task was cancelled or because
    /// the nodes' history no longer reaches back. The wallet's lane is blocked until `resolve`.
    case outcomeUnknown(TransactionIntent)
  }

  package var code: Code
  package var message: String
  package var cause: (any Error)?

  init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package var description: String { message }
}
