package import Bytes
package import Custody
import Pool
package import StellarXDR
package import Store
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
    sealed = Mutex(try Self.checked(try await store.sealedSeeds(), vault))
  }

  /// Throws where these are not the keys of these seeds.
  static func check(_ keys: MasterKeyRing, open seeds: [StoredSeed]) throws(CustodyError) {
    _ = try checked(seeds, Vault(keys: keys))
  }

  private static func checked(
    _ stored: [StoredSeed], _ vault: Vault
  ) throws(CustodyError) -> [Bytes32: SealedSeed] {
    var seeds: [Bytes32: SealedSeed] = [:]
    var checked: Set<UInt32> = []
    for stored in stored {
      guard let seed = SealedSeed(stored) else {
        throw CustodyError(.unsealable, "a stored seed is for a purpose this version does not know")
      }
      seeds[seed.wallet] = seed
      if checked.insert(seed.keyVersion).inserted { try vault.check(seed) }
    }
    return seeds
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
    try signer.sign(transaction, with: try seed(of: wallet), policy: policy)
  }

  /// The same for a fee bump, whose fee the wallet pays.
  package func sign(
    _ feeBump: FeeBumpTransaction, wallet: Bytes32, policy: WalletPolicy
  ) throws(CustodyError) -> DecoratedSignature {
    try signer.sign(feeBump, with: try seed(of: wallet), policy: policy)
  }

  private func seed(of wallet: Bytes32) throws(CustodyError) -> SealedSeed {
    guard let seed = sealed.withLock({ $0[wallet] }) else {
      throw CustodyError(.unsealable, "the pool has no seed for this wallet")
    }
    return seed
  }
}

extension SealedSeed {
  /// Nil for a purpose that this version does not know.
  fileprivate init?(_ stored: StoredSeed) {
    guard let purpose = WalletPurpose(rawValue: stored.purpose) else { return nil }
    self.init(
      wallet: stored.wallet, owner: stored.owner, purpose: purpose, keyVersion: stored.keyVersion,
      sealedKey: stored.sealedKey, sealedSeed: stored.sealedSeed)
  }
}

extension StoredSeed {
  fileprivate init(_ seed: SealedSeed) {
    self.init(
      wallet: seed.wallet, owner: seed.owner, purpose: seed.purpose.rawValue,
      keyVersion: seed.keyVersion, sealedKey: seed.sealedKey, sealedSeed: seed.sealedSeed)
  }
}
