package import Bytes

/// A wallet's sealed seed as its row: custody alone can open it.
package struct StoredSeed: Sendable, Hashable {
  package var wallet: Bytes32
  package var owner: Int64
  package var purpose: String
  package var keyVersion: UInt32
  package var sealedKey: [UInt8]
  package var sealedSeed: [UInt8]

  package init(
    wallet: Bytes32, owner: Int64, purpose: String, keyVersion: UInt32, sealedKey: [UInt8],
    sealedSeed: [UInt8]
  ) {
    self.wallet = wallet
    self.owner = owner
    self.purpose = purpose
    self.keyVersion = keyVersion
    self.sealedKey = sealedKey
    self.sealedSeed = sealedSeed
  }
}
