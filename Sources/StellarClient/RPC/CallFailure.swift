package import Bytes
package import KaleRules
package import StellarXDR

/// Why a call fails, as far as can be told.
package struct CallFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Cause: Sendable, Hashable {
    /// The farm's own error.
    case kale(KaleError)
    /// KALE's or XLM's contract refused: balance, trustline, authorisation.
    case token(TokenError)
    /// A contract's error that is neither, with the contract where it is known.
    case contract(Bytes32?, UInt32)
    /// The host's, e.g. `Error(Storage, ExceededLimit)`.
    case host(SCError)
    /// Something else: only the text says what.
    case other
  }

  package var cause: Cause
  /// What the node said, for the operator; the first line only.
  package var message: String

  package init(_ cause: Cause, _ message: String) {
    self.cause = cause
    self.message = message
  }

  package var description: String {
    switch cause {
    case .kale(let error): "the farm says \(error.name) (#\(error.code))"
    case .token(let error): "the asset contract says \(error.name) (#\(error.code))"
    case .contract(let contract, let code):
      "contract \(contract.map(StrKey.contract) ?? "unknown") says #\(code)"
    case .host(let error): "\(error)"
    case .other: message
    }
  }
}
