import Bytes
import KaleRules
import Pool

/// What a transaction of ours does on chain.
enum ChainCall: Sendable {
  case plant(Int64)
  case work(hash: Bytes32, nonce: UInt64)
  case harvest(BlockIndex)
  case trust
  case untrust
  case createAccounts([Bytes32], Int64)
  case pay(to: Bytes32, Int64)
  /// A transfer of KALE to any address.
  case transfer(to: String, Int64)
  case merge(into: String, spare: Int64)
  case join(Terms)
  case setPayout(String)
  case settle(Settlement)

  struct Terms: Sendable, Hashable {
    var pooler: String
    var bond: Bytes32
    var shareBps: UInt32
    var payout: String
  }

  struct Settlement: Sendable, Hashable {
    var exit: ExitID
    var amount: Int64
    var rewards: Int64
    var loss: Int64
    var held: Int64
  }

  /// Contract calls are simulated first and cost more.
  var isContract: Bool {
    switch self {
    case .trust, .untrust, .createAccounts, .pay, .merge: false
    default: true
    }
  }

  /// Touches keys that depend on the open block.
  var touchesBlock: Bool {
    switch self {
    case .plant, .work: true
    default: false
    }
  }
}

/// A signed transaction.
struct ChainTransaction: Sendable {
  var hash: Bytes32
  var source: Bytes32
  /// Whose wallet farms: another than the source where that is a channel.
  var farmer: Bytes32
  /// Who pays the fee.
  var payer: Bytes32
  var sequence: Int64
  /// Unix seconds.
  var maxTime: Int64
  var fee: Int64
  var call: ChainCall
  /// The block whose keys it declares, by the simulation it was made from.
  var footprint: BlockIndex?
  /// Not before this ledger: it travels slowly.
  var notBefore: LedgerSequence = 0
  var ledgersWaited = 0
}

/// What became of an included transaction.
struct ChainOutcome: Sendable {
  var ledger: LedgerSequence
  var payer: Bytes32
  var fee: Int64
  var failure: ChainFailure?
  /// A work's gap, a harvest's reward.
  var returned: Int64?
}

enum ChainFailure: Error, Sendable, Hashable {
  case farm(FarmFailure)
  case noTrustline
  case noBalance
  case noAccount
  case limit
  case notJoined
  case alreadyJoined
  case heldOutOfRange
  case hasBalance
  /// The network's own limits: nothing that the caller did.
  case resources
}

/// A payment that `getEvents` shows: into a wallet, or minted for one.
struct ChainTransfer: Sendable {
  var id: String
  var ledger: LedgerSequence
  var isMint: Bool
  var isKale: Bool
  var to: Bytes32
  /// Nil: not an account of the pool's.
  var from: Bytes32?
  var amount: Int64
  /// Of a mint: the block that was harvested, known to the model alone.
  var block: BlockIndex?
  var transaction: Bytes32
}
