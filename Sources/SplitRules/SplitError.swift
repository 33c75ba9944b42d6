/// Input that no settlement can have.
package enum SplitError: Error, Hashable, Sendable {
  case negativeAmount
  case negativeRewards
  case negativeLoss
  /// A share above 10,000 basis points.
  case shareTooLarge
  /// Part of the pooler's net that is held back: not within 0 … poolerNet.
  case heldOutOfRange
}
