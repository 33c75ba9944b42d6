package import KaleRules
package import StellarXDR

/// Where the farm, the split contract and wallets keep what, on one network.
package struct KaleKeys: Sendable {
  package let network: KaleNetwork

  package init(_ network: KaleNetwork) { self.network = network }

  package var farm: LedgerKey { .instance(of: network.farmContract) }

  package func block(_ index: BlockIndex) -> LedgerKey {
    .temporary(network.farmContract, .key("Block", .u32(index.rawValue)))
  }

  package func pail(_ farmer: AccountID, _ index: BlockIndex) -> LedgerKey {
    .temporary(
      network.farmContract, .key("Pail", .address(.account(farmer)), .u32(index.rawValue)))
  }

  package func account(_ account: AccountID) -> LedgerKey { .account(account) }

  package func kale(_ account: AccountID) -> LedgerKey {
    .trustline(of: account, for: network.asset)
  }

  /// Nil where the network has no split contract.
  package func terms(_ farmer: AccountID) -> LedgerKey? {
    network.splitContract.map { .persistent($0, .key("Terms", .address(.account(farmer)))) }
  }
}
