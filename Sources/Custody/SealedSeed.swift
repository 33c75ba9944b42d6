package import Bytes

/// A wallet's secret as the database may hold it: useless without the master key, and useless for
/// any other wallet, owner or purpose, because these are bound into it.
package struct SealedSeed: Sendable, Hashable {
  /// The wallet's public key.
  package var wallet: Bytes32
  /// The farmer's or pooler's number; 0 for the pool's own.
  package var owner: Int64
  package var purpose: WalletPurpose
  /// Which master key the data key is sealed under.
  package var keyVersion: UInt32
  /// The wallet's data key under the master key: nonce, cipher text, tag.
  package var sealedKey: [UInt8]
  /// The ed25519 seed under the data key: nonce, cipher text, tag.
  package var sealedSeed: [UInt8]

  package init(
    wallet: Bytes32, owner: Int64, purpose: WalletPurpose, keyVersion: UInt32,
    sealedKey: [UInt8], sealedSeed: [UInt8]
  ) {
    self.wallet = wallet
    self.owner = owner
    self.purpose = purpose
    self.keyVersion = keyVersion
    self.sealedKey = sealedKey
    self.sealedSeed = sealedSeed
  }

  /// What the seed is bound to: a name for the format, then fields of fixed length, then the rest.
  var seedBinding: [UInt8] { binding("kalepool seed 1") }

  /// What the data key is bound to: as the seed, and the master key's version.
  var keyBinding: [UInt8] { binding("kalepool data key 1") + Self.bigEndian(keyVersion) }

  private func binding(_ format: String) -> [UInt8] {
    let purpose = Array(purpose.rawValue.utf8)
    return Array(format.utf8) + [0] + wallet.bytes + Self.bigEndian(owner)
      + [UInt8(purpose.count)] + purpose
  }

  private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
