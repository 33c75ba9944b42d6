package import Bytes
package import KaleRules

/// A farmer's settings as they hold from the next plant request on.
package struct SettingsChanged: PoolEvent {
  package static let table = "config_changes"
  package var farmer: FarmerID
  /// Part of the liquid balance that is planted.
  package var stakeBps: BasisPoints
  /// A block is harvested when the farm's index is at least this many beyond it.
  package var harvestAfterBlocks: Int
  /// The most that is planted in one block; nil: no limit of the farmer's own.
  package var stakeCap: Stroops?
  package var paused: Bool
  /// No more is planted than the block's greatest stake, beyond which it earns nothing.
  package var withinMaxStake: Bool
  /// Planted also where the reward to be expected is below the fees.
  package var evenBelowFees: Bool

  package init(
    farmer: FarmerID, stakeBps: BasisPoints, harvestAfterBlocks: Int, stakeCap: Stroops?,
    paused: Bool, withinMaxStake: Bool = false, evenBelowFees: Bool = false
  ) {
    self.farmer = farmer
    self.stakeBps = stakeBps
    self.harvestAfterBlocks = harvestAfterBlocks
    self.stakeCap = stakeCap
    self.paused = paused
    self.withinMaxStake = withinMaxStake
    self.evenBelowFees = evenBelowFees
  }
}

/// The farmer named another payout address, which counts once its delay is over.
package struct PayoutChanged: PoolEvent {
  package static let table = "payout_changes"
  package var farmer: FarmerID
  package var payout: String
  /// Unix seconds of ledger time; 0 for the first address, which counts at once.
  package var effectiveAt: Int64

  package init(farmer: FarmerID, payout: String, effectiveAt: Int64) {
    self.farmer = farmer
    self.payout = payout
    self.effectiveAt = effectiveAt
  }
}

/// The wallet's account stands on chain with its KALE trustline.
package struct WalletReady: PoolEvent {
  package static let table = "wallet_readiness"
  package var wallet: Bytes32

  package init(wallet: Bytes32) { self.wallet = wallet }
}

/// A farmer chose a pooler on the terms it offered; from its confirmation on they plant.
package struct AgreementMade: PoolEvent {
  package static let table = "agreements"
  /// Rises with each agreement of the pool.
  package var agreement: Int64
  package var farmer: FarmerID
  package var pooler: PoolerID
  package var shareBps: BasisPoints
  package var payout: String

  package init(
    agreement: Int64, farmer: FarmerID, pooler: PoolerID, shareBps: BasisPoints, payout: String
  ) {
    self.agreement = agreement
    self.farmer = farmer
    self.pooler = pooler
    self.shareBps = shareBps
    self.payout = payout
  }
}

/// A farmer waits for a place with a pooler that is full, on the terms it offers now.
package struct QueueJoined: PoolEvent {
  package static let table = "queue_entries"
  package var farmer: FarmerID
  package var pooler: PoolerID
  package var shareBps: BasisPoints

  package init(farmer: FarmerID, pooler: PoolerID, shareBps: BasisPoints) {
    self.farmer = farmer
    self.pooler = pooler
    self.shareBps = shareBps
  }
}

/// A farmer waits no longer, without having been given the place.
package struct QueueLeft: PoolEvent {
  package static let table = "queue_departures"
  package var farmer: FarmerID
  package var pooler: PoolerID

  package init(farmer: FarmerID, pooler: PoolerID) {
    self.farmer = farmer
    self.pooler = pooler
  }
}

/// A farmer who had left is back under the same name, with this wallet.
package struct FarmerRejoined: PoolEvent {
  package static let table = "rejoins"
  package var farmer: FarmerID
  package var wallet: Bytes32

  package init(farmer: FarmerID, wallet: Bytes32) {
    self.farmer = farmer
    self.wallet = wallet
  }
}

/// The split contract holds the terms.
package struct AgreementConfirmed: PoolEvent {
  package static let table = "agreement_confirmations"
  package var agreement: Int64
  package var farmer: FarmerID
  package var transaction: Bytes32

  package init(agreement: Int64, farmer: FarmerID, transaction: Bytes32) {
    self.agreement = agreement
    self.farmer = farmer
    self.transaction = transaction
  }
}

/// The split contract pays another address from now on.
package struct PayoutConfirmed: PoolEvent {
  package static let table = "payout_confirmations"
  package var agreement: Int64
  package var farmer: FarmerID
  package var payout: String
  package var transaction: Bytes32

  package init(agreement: Int64, farmer: FarmerID, payout: String, transaction: Bytes32) {
    self.agreement = agreement
    self.farmer = farmer
    self.payout = payout
    self.transaction = transaction
  }
}

/// A transfer into one of the pool's wallets, seen on chain.
package struct DepositSeen: PoolEvent {
  package static let table = "deposits"
  package var wallet: Bytes32
  package var asset: BookAsset
  package var amount: Stroops
  package var sender: String
  /// The RPC's id of the transfer event; unique, so that nothing is booked twice.
  package var chainEvent: String
  package var ledger: LedgerSequence

  package init(
    wallet: Bytes32, asset: BookAsset, amount: Stroops, sender: String, chainEvent: String,
    ledger: LedgerSequence
  ) {
    self.wallet = wallet
    self.asset = asset
    self.amount = amount
    self.sender = sender
    self.chainEvent = chainEvent
    self.ledger = ledger
  }
}

/// The treasury made one of the pool's own accounts on chain.
package struct WalletFunded: PoolEvent {
  package static let table = "wallet_fundings"
  package var wallet: Bytes32
  package var treasury: Bytes32
  package var xlm: Stroops
  package var transaction: Bytes32

  package init(wallet: Bytes32, treasury: Bytes32, xlm: Stroops, transaction: Bytes32) {
    self.wallet = wallet
    self.treasury = treasury
    self.xlm = xlm
    self.transaction = transaction
  }
}
