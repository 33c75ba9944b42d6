import Bytes
import Sodium
import StellarXDR
import Testing

@Suite struct KaleNetworkTests {
  @Test func contractsOfTheRealNetworks() {
    #expect(
      StrKey.contract(KaleNetwork.public.assetContract)
        == "CB23WRDQWGSP6YPMY4UV5C4OW5CBTXKYN3XEATG7KJEZCXMJBYEHOUOV")
    #expect(
      StrKey.contract(KaleNetwork.public.xlmContract)
        == "CAS3J7GYLGXMF6TDJBBYYSE3HQ6BBSMLNUQ34T6TZMYMW2EVH34XOWMA")
    #expect(
      StrKey.contract(KaleNetwork.testnet.assetContract)
        == "CAAVU2UQJLMZ3GUZFM56KVNHLPA3ZSSNR4VP2U53YBXFD2GI3QLIVHZZ")
    #expect(
      StrKey.contract(KaleNetwork.testnet.farmContract)
        == "CDSWUUXGPWDZG76ISK6SUCVPZJMD5YUV66J2FXFXFGDX25XKZJIEITAO")
    #expect(KaleNetwork.public.splitContract == nil)
  }

  @Test func contractsOfTheDevnetAreMadeByItsHomesteader() {
    let network = KaleNetwork.devnet
    #expect(network.asset.issuer == DevnetKeys.issuer.publicKey)
    let farm = ContractIDPreimage.address(
      .account(DevnetKeys.homesteader.publicKey), salt: sha256(Array("kale farm".utf8)))
    #expect(network.farmContract == farm.contractID(networkID: network.networkID))
    #expect(network.splitContract != nil && network.splitContract != network.farmContract)
    #expect(KaleNetwork.named("devnet") == network)
    #expect(KaleNetwork.named("main") == nil)
  }
}
