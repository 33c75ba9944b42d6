package import Bytes
package import KaleRules

/// A farmer asked to collect rewards and leave.
package struct ExitRequested: PoolEvent {
  package static let table = "exits"
  package var exit: ExitID
  package var farmer: FarmerID
  /// Nil: in no pool, or not yet.
  package var agreement: Int64?
  /// The farm's index when it was asked.
  package var block: BlockIndex
  /// The settlement waits until a changed payout address counts.
  package var waitsForPayout: Bool
  /// The pooler to go on with, and its terms: only the old pooler's share is paid then, and the
  /// rest stays in the wallet. Nil: leaving for good.
  package var nextPooler: PoolerID?
  package var nextShareBps: BasisPoints?

  package init(
    exit: ExitID, farmer: FarmerID, agreement: Int64?, block: BlockIndex,
    waitsForPayout: Bool = false, nextPooler: PoolerID? = nil, nextShareBps: BasisPoints? = nil
  ) {
    self.exit = exit
    self.farmer = farmer
    self.agreement = agreement
    self.block = block
    self.waitsForPayout = waitsForPayout
    self.nextPooler = nextPooler
    self.nextShareBps = nextShareBps
  }
}

package struct ExitCalledOff: PoolEvent {
  package static let table = "exit_call_offs"
  package var exit: ExitID
  package var farmer: FarmerID

  package init(exit: ExitID, farmer: FarmerID) {
    self.exit = exit
    self.farmer = farmer
  }
}

/// The split contract paid pooler and farmer.
package struct SplitPaid: PoolEvent {
  package static let table = "splits"
  package var exit: ExitID
  package var farmer: FarmerID
  package var pooler: PoolerID
  package var wallet: Bytes32
  /// KALE in the wallet when settlement was prepared; it is what was paid in all.
  package var amount: Stroops
  package var rewards: Stroops
  /// Stake lost through the pooler.
  package var loss: Stroops
  package var poolerNet: Stroops
  /// Part of `poolerNet` that went to the pooler's bond wallet.
  package var held: Stroops
  package var farmerNet: Stroops
  /// What the loss exceeds the pooler's gross share by.
  package var debt: Stroops
  package var bondWallet: Bytes32
  package var payout: String
  package var ledger: LedgerSequence
  package var transaction: Bytes32

  package init(
    exit: ExitID, farmer: FarmerID, pooler: PoolerID, wallet: Bytes32, amount: Stroops,
    rewards: Stroops, loss: Stroops, poolerNet: Stroops, held: Stroops, farmerNet: Stroops,
    debt: Stroops, bondWallet: Bytes32, payout: String, ledger: LedgerSequence,
    transaction: Bytes32
  ) {
    self.exit = exit
    self.farmer = farmer
    self.pooler = pooler
    self.wallet = wallet
    self.amount = amount
    self.rewards = rewards
    self.loss = loss
    self.poolerNet = poolerNet
    self.held = held
    self.farmerNet = farmerNet
    self.debt = debt
    self.bondWallet = bondWallet
    self.payout = payout
    self.ledger = ledger
    self.transaction = transaction
  }
}

/// A leaver had no terms on chain, so that nothing was divided: all goes to the payout address.
package struct ExitUnsplit: PoolEvent {
  package static let table = "unsplit_exits"
  package var exit: ExitID
  package var farmer: FarmerID
  package var wallet: Bytes32
  package var payout: String

  package init(exit: ExitID, farmer: FarmerID, wallet: Bytes32, payout: String) {
    self.exit = exit
    self.farmer = farmer
    self.wallet = wallet
    self.payout = payout
  }
}

/// KALE that arrived after settlement went to the payout address.
package struct Swept: PoolEvent {
  package static let table = "transfers"
  package var exit: ExitID
  package var farmer: FarmerID
  package var wallet: Bytes32
  package var amount: Stroops
  package var payout: String
  package var transaction: Bytes32

  package init(
    exit: ExitID, farmer: FarmerID, wallet: Bytes32, amount: Stroops, payout: String,
    transaction: Bytes32
  ) {
    self.exit = exit
    self.farmer = farmer
    self.wallet = wallet
    self.amount = amount
    self.payout = payout
    self.transaction = transaction
  }
}

/// The wallet was merged into the payout account: the farmer has left.
package struct WalletClosed: PoolEvent {
  package static let table = "departures"
  package var exit: ExitID
  package var farmer: FarmerID
  package var wallet: Bytes32
  /// XLM that the merge gave back.
  package var xlm: Stroops
  package var payout: String
  package var transaction: Bytes32

  package init(
    exit: ExitID, farmer: FarmerID, wallet: Bytes32, xlm: Stroops, payout: String,
    transaction: Bytes32
  ) {
    self.exit = exit
    self.farmer = farmer
    self.wallet = wallet
    self.xlm = xlm
    self.payout = payout
    self.transaction = transaction
  }
}
