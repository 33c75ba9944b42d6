package import Bytes
package import KaleRules

/// A pooler lost stakes in too many blocks in a row: it plants for nobody until it is reinstated.
package struct PoolerSuspended: PoolEvent {
  package static let table = "pooler_suspensions"
  package var pooler: PoolerID
  /// The last of the bad blocks.
  package var block: BlockIndex
  package var badBlocks: Int

  package init(pooler: PoolerID, block: BlockIndex, badBlocks: Int) {
    self.pooler = pooler
    self.block = block
    self.badBlocks = badBlocks
  }
}

/// The operator lets a suspended pooler plant again.
package struct PoolerReinstated: PoolEvent {
  package static let table = "pooler_reinstatements"
  package var pooler: PoolerID

  package init(pooler: PoolerID) { self.pooler = pooler }
}

/// A pooler's bond paid a farmer for losses beyond the pooler's share.
package struct BondPaid: PoolEvent {
  package static let table = "bond_payments"
  package var pooler: PoolerID
  package var farmer: FarmerID
  package var exit: ExitID
  package var bondWallet: Bytes32
  /// Before the settlement: the farmer's wallet, so that the settlement pays it out; nil: the
  /// farmer had left, and it went to the payout address.
  package var wallet: Bytes32?
  package var payout: String?
  package var amount: Stroops
  package var transaction: Bytes32

  package init(
    pooler: PoolerID, farmer: FarmerID, exit: ExitID, bondWallet: Bytes32, wallet: Bytes32?,
    payout: String?, amount: Stroops, transaction: Bytes32
  ) {
    self.pooler = pooler
    self.farmer = farmer
    self.exit = exit
    self.bondWallet = bondWallet
    self.wallet = wallet
    self.payout = payout
    self.amount = amount
    self.transaction = transaction
  }
}

/// The operator allows so much of a bond to go back to its pooler, once nothing is owed.
package struct BondReleaseAllowed: PoolEvent {
  package static let table = "bond_release_permits"
  package var pooler: PoolerID
  package var amount: Stroops

  package init(pooler: PoolerID, amount: Stroops) {
    self.pooler = pooler
    self.amount = amount
  }
}

/// Part of a bond went back to its pooler.
package struct BondReleased: PoolEvent {
  package static let table = "bond_releases"
  package var pooler: PoolerID
  package var bondWallet: Bytes32
  package var amount: Stroops
  package var payout: String
  package var transaction: Bytes32

  package init(
    pooler: PoolerID, bondWallet: Bytes32, amount: Stroops, payout: String, transaction: Bytes32
  ) {
    self.pooler = pooler
    self.bondWallet = bondWallet
    self.amount = amount
    self.payout = payout
    self.transaction = transaction
  }
}
