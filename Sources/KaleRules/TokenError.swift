/// Errors of an asset's contract that a farmer or a settlement can meet, by their numbers.
///
/// On chain they look like any contract's error: `plant` passes them up unchanged, so a bare #10 or
/// #13 says nothing without the call it came from. Source: stellar.md §5.
package enum TokenError: UInt32, Error, Hashable, Sendable, CaseIterable {
  case operationNotSupported = 2
  case unauthorized = 4
  case accountMissing = 6
  case negativeAmount = 8
  case balance = 10
  case balanceDeauthorized = 11
  case overflow = 12
  case trustlineMissing = 13

  package var code: UInt32 { rawValue }

  /// The asset contract's name for it, e.g. `TrustlineMissingError`.
  package var name: String {
    let name = String(describing: self)
    return name.prefix(1).uppercased() + name.dropFirst() + "Error"
  }
}
