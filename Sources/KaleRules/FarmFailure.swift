/// Why a call of the farm failed. Nothing has changed then.
package enum FarmFailure: Error, Hashable, Sendable {
  /// The farm's own refusal.
  case kale(KaleError)
  /// The asset contract's refusal to burn or mint.
  case token(TokenError)
  /// `Error(Auth, InvalidAction)`: a needed authorisation is missing.
  case unauthorized
  /// `Error(WasmVm, InvalidAction)`: arithmetic overflow.
  case trap
  /// `Error(Storage, ExceededLimit)`: a key outside the declared footprint.
  case outsideFootprint
}
