import Bytes
import Sodium

/// Makes wallets and keeps their seeds sealed.
///
/// Each seed is sealed under a data key of its own, and that under the current master key, so that
/// a new master key means sealing 32 bytes anew for each wallet, never touching a seed. Seeds are
/// opened only within this module, by ``WalletSigner``.
package struct Vault: Sendable {
  private let keys: MasterKeyRing

  package init(keys: MasterKeyRing) { self.keys = keys }

  /// A new wallet: its public key is the account's address.
  package func makeWallet(owner: Int64, purpose: WalletPurpose) -> SealedSeed {
    var bytes = randomBytes(32)
    let seed = SecretBytes(moving: &bytes)
    var dataBytes = randomBytes(AEAD.keyBytes)
    let dataKey = SecretBytes(moving: &dataBytes)
    var sealed = SealedSeed(
      wallet: seed.withBytes { Ed25519.publicKey(seed: $0) }, owner: owner, purpose: purpose,
      keyVersion: keys.current, sealedKey: [], sealedSeed: [])
    sealed.sealedSeed = seed.withBytes { seed in
      dataKey.withBytes { AEAD.seal(seed, key: $0, associated: sealed.seedBinding) }
    }
    sealed.sealedKey = seal(dataKey, bound: sealed.keyBinding)
    return sealed
  }

  /// Whether a newer master key than the one it is sealed under has come.
  package func needsResealing(_ sealed: SealedSeed) -> Bool { sealed.keyVersion != keys.current }

  /// The same wallet under the current master key.
  package func reseal(_ sealed: SealedSeed) throws(CustodyError) -> SealedSeed {
    let dataKey = try openDataKey(sealed)
    var resealed = sealed
    resealed.keyVersion = keys.current
    resealed.sealedKey = seal(dataKey, bound: resealed.keyBinding)
    try check(resealed)
    return resealed
  }

  /// Whether the seed opens and belongs to its wallet: a start-up test for stored seeds.
  package func check(_ sealed: SealedSeed) throws(CustodyError) {
    try withSeed(of: sealed) { _ throws(CustodyError) in }
  }

  /// Lends the seed, from locked memory that is wiped right after.
  func withSeed<R>(
    of sealed: SealedSeed, _ body: (UnsafeBufferPointer<UInt8>) throws(CustodyError) -> R
  ) throws(CustodyError) -> R {
    let dataKey = try openDataKey(sealed)
    let opened = dataKey.withBytes {
      AEAD.open(sealed.sealedSeed, key: $0, associated: sealed.seedBinding)
    }
    guard var bytes = opened, bytes.count == 32 else {
      throw unsealable(sealed, "its seed does not open: it was changed or exchanged")
    }
    let seed = SecretBytes(moving: &bytes)
    guard seed.withBytes({ Ed25519.publicKey(seed: $0) }) == sealed.wallet else {
      throw unsealable(sealed, "its seed is another wallet's")
    }
    return try seed.withBytes(body)
  }

  private func openDataKey(_ sealed: SealedSeed) throws(CustodyError) -> SecretBytes {
    guard let key = keys.key(sealed.keyVersion) else {
      throw unsealable(
        sealed, "it needs master key version \(sealed.keyVersion): add that to the key source")
    }
    let opened = key.withBytes {
      AEAD.open(sealed.sealedKey, key: $0, associated: sealed.keyBinding)
    }
    guard var bytes = opened, bytes.count == AEAD.keyBytes else {
      throw unsealable(
        sealed, "its data key does not open: another master key, or it was changed or exchanged")
    }
    return SecretBytes(moving: &bytes)
  }

  private func seal(_ dataKey: SecretBytes, bound binding: [UInt8]) -> [UInt8] {
    guard let master = keys.key(keys.current) else {
      preconditionFailure("a ring always holds its current key")
    }
    return dataKey.withBytes { dataKey in
      master.withBytes { AEAD.seal(dataKey, key: $0, associated: binding) }
    }
  }

  private func unsealable(_ sealed: SealedSeed, _ why: String) -> CustodyError {
    CustodyError(.unsealable, "wallet \(sealed.wallet): \(why)")
  }
}
