/// Asks the chain about an address that is to be paid.
package protocol PayoutChecker: Sendable {
  /// Why `address` (`G…`, `C…` or `M…`) cannot receive KALE, in words for the farmer; nil: it can.
  func problem(with address: String) async throws -> String?
}
