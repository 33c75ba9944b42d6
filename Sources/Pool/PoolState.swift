package import Bytes
package import KaleRules

/// All that the pool knows: the sum of its events, and nothing else.
///
/// The state is disposable: the same events give the same state (``apply(_:)``). Decisions are made
/// from it in `PoolState+Decide.swift`, postings in `PoolState+Books.swift`.
package struct PoolState: Sendable {
  package internal(set) var settings: PoolSettings
  /// How many events it is the sum of: the position in the journal of the last one.
  package internal(set) var position: Int64 = 0

  package internal(set) var farmers: [FarmerID: Farmer] = [:]
  package internal(set) var farmersByHandle: [String: FarmerID] = [:]
  package internal(set) var poolers: [PoolerID: Pooler] = [:]
  package internal(set) var agents: [Bytes32: AgentRecord] = [:]
  /// By the key that is offered.
  package internal(set) var keyOffers: [Bytes32: AgentKeyOffered] = [:]
  package internal(set) var enrolments: [Bytes32: EnrolmentIssued] = [:]
  package internal(set) var wallets: [Bytes32: Wallet] = [:]
  package internal(set) var treasury: Bytes32?
  package internal(set) var balances: [BookAccount: [BookAsset: Int64]] = [:]
  package internal(set) var depositsSeen: Set<String> = []
  /// From which ledger on deposits are to be looked for; nil before the first start.
  package internal(set) var depositsSince: LedgerSequence?
  /// Transactions that were intended and whose outcome is not known.
  package internal(set) var pending: [Bytes32: TransactionIntended] = [:]
  package internal(set) var block: BlockOpened?
  /// This block and those before it of which something may still be open.
  package internal(set) var blocks: [BlockIndex: BlockOpened] = [:]
  /// Open sessions of agents, as far as the events tell.
  package internal(set) var sessions: [Bytes32: Int] = [:]
  /// What a transaction of a kind cost of late, in stroops of XLM.
  package internal(set) var fees: [TransactionKind: Int64] = [:]
  package internal(set) var requests: Set<PoolerBlock> = []
  package internal(set) var tallies: [PoolerBlock: BlockTally] = [:]
  package internal(set) var lastExit: ExitID = 0
  package internal(set) var lastAgreement: Int64 = 0
  /// Ledger close time at which the present run began: before it the coordinator was not there.
  package internal(set) var runningSince: Int64 = 0
  /// The event that says so.
  package internal(set) var startedBy: Int64 = 0

  package init(settings: PoolSettings) { self.settings = settings }

  /// What `account` holds of `asset`, in stroops.
  package func balance(_ account: BookAccount, _ asset: BookAsset) -> Int64 {
    balances[account]?[asset] ?? 0
  }

  /// How many farmers have an agreement with the pooler and have not left.
  package func membership(of pooler: PoolerID) -> Int {
    farmers.values.count { $0.agreement?.pooler == pooler && !$0.hasLeft }
  }

  /// The farmers of a pooler who would be planted for if it asked now, ascending.
  ///
  /// Whoever is ready is in: a pooler cannot choose, and no stake is looked at.
  package func ready(for pooler: PoolerID, block: BlockIndex) -> [FarmerID] {
    farmers.values.filter { farmer in
      farmer.agreement?.pooler == pooler && farmer.agreement?.isConfirmed == true
        && poolers[pooler]?.isSuspended == false
        && farmer.exit == nil && !farmer.hasLeft && farmer.settings?.paused == false
        && wallets[farmer.wallet]?.isReady == true && farmer.plantings[block] == nil
        && (farmer.lastMissed.map { $0 < block } ?? true)
    }.map(\.id).sorted()
  }
}
