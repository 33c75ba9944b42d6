import Bytes
import StellarXDR

/// A stored intent with what is offered for it at present.
struct Offer: Sendable {
  let intent: TransactionIntent
  /// The signed transaction that the intent's hash is of.
  let inner: Transaction
  let innerSignatures: [DecoratedSignature]
  /// Who may pay, in the order in which they are asked; the first pays now.
  var payers: [AccountID]
  let isUrgent: Bool
  /// What is sent, base64.
  var envelope: String
  /// Stroops offered for inclusion, an operation.
  var rate: Int64

  /// Stroops that are not for inclusion.
  var resourceFee: Int64 { inner.sorobanData?.resourceFee ?? 0 }

  /// A fee bump counts as an operation more.
  var bumpOperations: Int64 { Int64(inner.operations.count) + 1 }
}
