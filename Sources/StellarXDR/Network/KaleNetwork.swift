package import Bytes
import Sodium

/// A network and where KALE lives on it.
package struct KaleNetwork: Hashable, Sendable {
  /// `public`, `testnet` or `devnet`.
  package let name: String
  package let passphrase: String
  /// SHA-256 of the passphrase.
  package let networkID: Bytes32
  /// KALE.
  package let asset: Asset
  /// KALE's own contract.
  package let assetContract: Bytes32
  /// XLM's contract.
  package let xlmContract: Bytes32
  package let farmContract: Bytes32
  /// Nil where none is known to be deployed; a setting there.
  package var splitContract: Bytes32?

  private init(
    name: String, passphrase: String, issuer: Bytes32, farmContract: Bytes32,
    splitContract: Bytes32? = nil
  ) {
    self.name = name
    self.passphrase = passphrase
    networkID = sha256(Array(passphrase.utf8))
    asset = Asset(code: "KALE", issuer: issuer)!  // four letters
    assetContract = asset.contractID(networkID: networkID)
    xlmContract = Asset.native.contractID(networkID: networkID)
    self.farmContract = farmContract
    self.splitContract = splitContract
  }

  package static let `public` = KaleNetwork(
    name: "public", passphrase: "Public Global Stellar Network ; September 2015",
    issuer: account("GBDVX4VELCDSQ54KQJYTNHXAHFLBCA77ZY2USQBM4CSHTTV7DME7KALE"),
    farmContract: contract("CDL74RF5BLYR2YBLCCI7F5FB6TPSCLKEJUBSD2RSVWZ4YHF3VMFAIGWA"))

  package static let testnet = KaleNetwork(
    name: "testnet", passphrase: "Test SDF Network ; September 2015",
    issuer: account("GCHPTWXMT3HYF4RLZHWBNRF4MPXLTJ76ISHMSYIWCCDXWUYOQG5MR2AB"),
    farmContract: contract("CDSWUUXGPWDZG76ISK6SUCVPZJMD5YUV66J2FXFXFGDX25XKZJIEITAO"))

  package static let devnet: KaleNetwork = {
    let passphrase = "Kale Pool Devnet ; 2026"
    let networkID = sha256(Array(passphrase.utf8))
    func deployed(_ salt: String) -> Bytes32 {
      let deployer = SCAddress.account(DevnetKeys.homesteader.publicKey)
      return ContractIDPreimage.address(deployer, salt: sha256(Array(salt.utf8)))
        .contractID(networkID: networkID)
    }
    return KaleNetwork(
      name: "devnet", passphrase: passphrase, issuer: DevnetKeys.issuer.publicKey,
      farmContract: deployed("kale farm"), splitContract: deployed("kale split"))
  }()

  /// The network of a name, or nil.
  package static func named(_ name: String) -> KaleNetwork? {
    [.public, .testnet, .devnet].first { $0.name == name }
  }

  // The texts above are constants with tests.
  private static func account(_ text: String) -> Bytes32 { StrKey.account(text)! }
  private static func contract(_ text: String) -> Bytes32 { StrKey.contract(text)! }
}
