package import Sodium

/// The well-known accounts of the devnet. Anybody can make these keys: nothing of worth may ever
/// belong to them on another network.
package enum DevnetKeys {
  /// Issues KALE.
  package static let issuer = pair("kalepool devnet issuer")
  /// Administers the farm and deploys the contracts.
  package static let homesteader = pair("kalepool devnet homesteader")
  /// Gives XLM to whoever asks.
  package static let friendbot = pair("kalepool devnet friendbot")

  private static func pair(_ seed: String) -> Ed25519KeyPair {
    Ed25519KeyPair(seed: sha256(Array(seed.utf8)))
  }
}
