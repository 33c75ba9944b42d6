import Bytes
import Sodium
package import StellarXDR

/// The only place where seeds are opened. It signs what the rules allow and nothing else.
package struct WalletSigner: Sendable {
  private let vault: Vault

  package init(vault: Vault) { self.vault = vault }

  /// The wallet's signature, or which rule forbids it. No seed is opened for what is refused.
  package func sign(
    _ transaction: Transaction, with sealed: SealedSeed, policy: WalletPolicy
  ) throws(CustodyError) -> DecoratedSignature {
    try SigningCheck(wallet: sealed.wallet, purpose: sealed.purpose, policy: policy)
      .check(transaction)
    return try sign(transaction.hash(networkID: policy.network.networkID), with: sealed)
  }

  /// The same for a fee bump, whose fee this wallet pays.
  package func sign(
    _ feeBump: FeeBumpTransaction, with sealed: SealedSeed, policy: WalletPolicy
  ) throws(CustodyError) -> DecoratedSignature {
    try SigningCheck(wallet: sealed.wallet, purpose: sealed.purpose, policy: policy)
      .check(feeBump)
    return try sign(feeBump.hash(networkID: policy.network.networkID), with: sealed)
  }

  private func sign(
    _ hash: Bytes32, with sealed: SealedSeed
  ) throws(CustodyError) -> DecoratedSignature {
    let signature = try vault.withSeed(of: sealed) { seed throws(CustodyError) in
      Ed25519.sign(hash.bytes, seed: seed)
    }
    return DecoratedSignature(key: sealed.wallet, signature: signature)
  }
}
