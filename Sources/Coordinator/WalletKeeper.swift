package import Bytes
package import Custody
import Pool
package import StellarXDR
import Store
import Synchronization

/// The pool's wallets: makes them, and signs with them what the rules allow.
///
/// Seeds are sealed in memory and in the database alike; `Custody` opens one for the moment of a
/// signature.
package final class WalletKeeper: Sendable {
  private let vault: Vault
  private let signer: WalletSigner
  private let store: EventStore
  private let sealed: Mutex<[Bytes32: SealedSeed]>

  /// Reads the sealed seeds; none is opened but one for each key version, to see that the master
  /// key is the right one.
  package init(keys: MasterKeyRing, store: EventStore) async throws {
    vault = Vault(keys: keys)
    signer = WalletSigner(vault: vault)
    self.store = store
    var seeds: [Bytes32: SealedSeed] = [:]
    var checked: Set<UInt32> = []
    for seed in try await store.sealedSeeds() {
      seeds[seed.wallet] = SealedSeed(seed)
      if checked.insert(seed.keyVersion).inserted { try vault.check(SealedSeed(seed)) }
    }
    sealed = Mutex(seeds)
  }

  /// Makes a wallet whose sealed seed is durable before its address is known to anybody.
  package func makeWallet(owner: Int64, purpose: WalletPurpose) async throws -> Bytes32 {
    let seed = vault.makeWallet(owner: owner, purpose: purpose)
    try await store.insert(StoredSeed(seed))
    sealed.withLock { $0[seed.wallet] = seed }
    return seed.wallet
  }

  /// The wallet's signature, or the rule that forbids it.
  package func sign(
    _ transaction: Transaction, wallet: Bytes32, policy: WalletPolicy
  ) throws(CustodyError) -> DecoratedSignature {
    guard let seed = sealed.withLock({ $0[wallet] }) else {
      throw CustodyError(.unknownWallet, "the pool has no seed for this wallet")
    }
    return try signer.sign(transaction, with: seed, policy: policy)
  }
}
