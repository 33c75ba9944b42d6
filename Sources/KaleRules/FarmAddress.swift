package import Bytes

/// Who farms: a classic account (G…) or a contract (C…).
package enum FarmAddress: Hashable, Sendable {
  case account(Bytes32)
  case contract(Bytes32)

  /// The ed25519 key or the contract id: what the hash takes. An account and a contract with equal
  /// bytes share all solutions, but not their pails.
  package var bytes: Bytes32 {
    switch self {
    case .account(let key): key
    case .contract(let id): id
    }
  }
}
