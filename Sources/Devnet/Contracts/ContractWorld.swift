import KaleRules
import StellarXDR

/// Where and when contracts run.
struct ContractWorld: Sendable {
  let network: KaleNetwork
  /// The ledger being made.
  let sequence: UInt32
  /// Its close time, Unix seconds.
  let time: UInt64
  let farm: FarmContract
  let rules: NetworkRules
  /// KALE's contract.
  let asset: AssetContract
  /// XLM's contract.
  let native: AssetContract

  init(
    network: KaleNetwork, sequence: UInt32, time: UInt64, farm: FarmContract,
    rules: NetworkRules, asset: AssetContract? = nil
  ) {
    self.network = network
    self.sequence = sequence
    self.time = time
    self.farm = farm
    self.rules = rules
    self.asset = asset ?? AssetContract(asset: network.asset, id: network.assetContract)
    native = AssetContract(asset: .native, id: network.xlmContract)
  }
}
