import Bytes
import Custody
import Foundation
import Sodium
import StellarXDR
import Testing

@Suite struct VaultTests {
  let keys: MasterKeyRing
  let vault: Vault

  init() throws {
    keys = try Self.ring([1])
    vault = Vault(keys: keys)
  }

  static func ring(_ versions: [UInt32]) throws -> MasterKeyRing {
    let folder = try KeyFolder()
    let lines = versions.map { "\($0) \(Self.hex($0))" }
    return try MasterKeyRing.load(.file(folder.write(lines.joined(separator: "\n"))))
  }

  /// The same key for the same version, in every ring of this suite.
  static func hex(_ version: UInt32) -> String {
    sha256(Array("master key \(version)".utf8)).description
  }

  @Test func walletsDifferAndOpen() throws {
    let a = vault.makeWallet(owner: 1, purpose: .farmer)
    let b = vault.makeWallet(owner: 1, purpose: .farmer)
    #expect(a.wallet != b.wallet && a.sealedKey != b.sealedKey && a.sealedSeed != b.sealedSeed)
    #expect(a.keyVersion == 1 && a.sealedSeed.count == 24 + 32 + 16)
    try vault.check(a)
    try vault.check(b)
  }

  @Test func everyChangedByteIsFound() throws {
    let sealed = vault.makeWallet(owner: 1, purpose: .farmer)
    for index in sealed.sealedKey.indices {
      var changed = sealed
      changed.sealedKey[index] ^= 1
      expectUnsealable(changed)
    }
    for index in sealed.sealedSeed.indices {
      var changed = sealed
      changed.sealedSeed[index] ^= 0x80
      expectUnsealable(changed)
    }
    for count in [0, 1, 39, 71] {
      var cut = sealed
      cut.sealedSeed = Array(cut.sealedSeed.prefix(count))
      expectUnsealable(cut)
      cut = sealed
      cut.sealedKey = Array(cut.sealedKey.prefix(count))
      expectUnsealable(cut)
    }
  }

  @Test func seedsAreBoundToTheirWallet() throws {
    let sealed = vault.makeWallet(owner: 1, purpose: .farmer)
    let other = vault.makeWallet(owner: 2, purpose: .farmer)
    var changed = sealed
    changed.wallet = other.wallet
    expectUnsealable(changed)
    changed = sealed
    changed.owner = 2
    expectUnsealable(changed)
    changed = sealed
    changed.purpose = .treasury
    expectUnsealable(changed)
    changed = sealed
    changed.sealedSeed = other.sealedSeed
    expectUnsealable(changed)
    changed = sealed
    changed.sealedKey = other.sealedKey
    expectUnsealable(changed)
    changed.sealedSeed = other.sealedSeed
    expectUnsealable(changed)
  }

  @Test func anotherMasterKeyDoesNotOpen() throws {
    var sealed = vault.makeWallet(owner: 1, purpose: .farmer)
    let error = #expect(throws: CustodyError.self) {
      try Vault(keys: try Self.ring([2])).check(sealed)
    }
    #expect(error?.code == .unsealable && error?.message.contains("version 1") == true)
    // A key under the same version number, but another one.
    let folder = try KeyFolder()
    let foreign = try MasterKeyRing.load(.file(folder.write("1 " + Self.hex(9))))
    #expect(throws: CustodyError.self) { try Vault(keys: foreign).check(sealed) }
    // The version is bound: the right key under another number does not open it either.
    sealed.keyVersion = 5
    let renumbered = try MasterKeyRing.load(.file(folder.write("5 " + Self.hex(1))))
    #expect(throws: CustodyError.self) { try Vault(keys: renumbered).check(sealed) }
  }

  @Test func rotationKeepsTheWallet() throws {
    let sealed = vault.makeWallet(owner: 4, purpose: .bond)
    let both = Vault(keys: try Self.ring([1, 2]))
    #expect(both.needsResealing(sealed) && !vault.needsResealing(sealed))
    let resealed = try both.reseal(sealed)
    #expect(resealed.wallet == sealed.wallet && resealed.keyVersion == 2)
    #expect(resealed.sealedSeed == sealed.sealedSeed && resealed.sealedKey != sealed.sealedKey)
    // The old key is of no use for it, and no longer needed.
    #expect(throws: CustodyError.self) { try vault.check(resealed) }
    let new = Vault(keys: try Self.ring([2]))
    try new.check(resealed)
    #expect(throws: CustodyError.self) { try new.reseal(sealed) }
  }

  @Test func theSeedIsNotInWhatIsStored() throws {
    // What the seed is, only its signatures show: none of what is stored may be the seed itself.
    let sealed = vault.makeWallet(owner: 1, purpose: .farmer)
    for stored in [sealed.sealedKey, sealed.sealedSeed] {
      for start in 0...(stored.count - 32) {
        let window = Array(stored[start..<start + 32])
        let key = window.withUnsafeBufferPointer { Ed25519.publicKey(seed: $0) }
        #expect(key != sealed.wallet)
      }
    }
  }

  private func expectUnsealable(_ sealed: SealedSeed) {
    let error = #expect(throws: CustodyError.self) { try vault.check(sealed) }
    #expect(error?.code == .unsealable)
  }
}
