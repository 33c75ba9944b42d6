import Bridge
import Pool
import StellarXDR

/// An address that money may leave to: `G…`, `C…` or `M…`, and none where it would be stuck.
enum PayoutAddress {
  /// The address in its one text form, or the error that names `field`.
  static func check(
    _ typed: String, field: String, in state: PoolState, on network: KaleNetwork
  ) throws(BridgeError) -> String {
    if StrKey.decode(typed, as: .seed) != nil {
      throw .invalid(
        field,
        "This is a secret key (S…): never give it to anybody. An address begins with G, C or M.")
    }
    guard let address = SCAddress(typed) else {
      throw .invalid(
        field,
        "This is no Stellar address: one begins with G, C or M and has 56 or 69 characters."
          + " A character is wrong or missing.")
    }
    switch address {
    case .account(let key), .muxedAccount(_, let key):
      guard state.wallets[key] == nil else {
        throw .invalid(
          field,
          "This is one of the pool's own wallets: give the address of a wallet outside of the pool."
        )
      }
      guard !isIssuer(key, of: network.asset) else {
        throw .invalid(
          field, "This is KALE's issuer, where KALE is destroyed: give your own wallet's address.")
      }
    case .contract(let id):
      let ours = [network.assetContract, network.xlmContract, network.farmContract]
      guard !ours.contains(id), id != network.splitContract else {
        throw .invalid(
          field,
          "This contract belongs to KALE itself and gives nothing back: give your own wallet's"
            + " address.")
      }
    case .claimableBalance, .liquidityPool, .muxedContract:
      throw .invalid(
        field, "KALE cannot be paid to this: give an address that begins with G, C or M.")
    }
    return address.description
  }

  private static func isIssuer(_ key: AccountID, of asset: Asset) -> Bool {
    switch asset {
    case .native: false
    case .alphanum4(_, let issuer), .alphanum12(_, let issuer): issuer == key
    }
  }
}
