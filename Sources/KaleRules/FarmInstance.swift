package import Bytes

/// The contract's instance storage. Source: kale.md §2.
package struct FarmInstance: Hashable, Sendable {
  /// The administrator.
  package var homesteader: FarmAddress
  /// The id of the asset's contract, whose administrator the farm is.
  package var asset: Bytes32
  /// The newest block; nil (absent in storage) counts as 0.
  package var storedIndex: BlockIndex?
  /// The accumulator for the next block.
  package var farmBlock: FarmBlock
  /// Nil (absent in storage) counts as false.
  package var storedPaused: Bool?

  package var index: BlockIndex { storedIndex ?? 0 }
  package var isPaused: Bool { storedPaused ?? false }

  package init(
    homesteader: FarmAddress, asset: Bytes32, storedIndex: BlockIndex?, farmBlock: FarmBlock,
    storedPaused: Bool?
  ) {
    self.homesteader = homesteader
    self.asset = asset
    self.storedIndex = storedIndex
    self.farmBlock = farmBlock
    self.storedPaused = storedPaused
  }

  /// What the constructor stores in a ledger that closes at `timestamp`.
  package init(homesteader: FarmAddress, asset: Bytes32, deployedAt timestamp: UInt64) {
    self.init(
      homesteader: homesteader, asset: asset, storedIndex: nil,
      farmBlock: .fresh(at: timestamp), storedPaused: nil)
  }
}
