package import Bytes
package import KaleRules

/// A pooler as the events tell.
package struct Pooler: Sendable {
  package let id: PoolerID
  package let name: String
  package let payout: String
  package let bondWallet: Bytes32
  package var shareBps: BasisPoints
  package var farmersMax: Int
  /// What it owes farmers who have left, for losses beyond its share and its bond, oldest first;
  /// while it owes it takes no new farmer.
  package var claims: [Claim] = []
  /// What may go back to the pooler from its bond wallet when nothing is owed.
  package var releasable: Stroops = 0
  /// Farmers who wait for a place, first come first.
  package var queue: [FarmerID] = []
  /// Blocks in a row in which it lost stakes.
  package var badBlocks = 0
  package var lastBadBlock: BlockIndex = 0
  package var isSuspended = false
  /// Hashes a second that its works of late show it delivered; nil: not known, or more than the
  /// farm's ranges can show.
  package var delivered: Int64?
  /// Thousandths of a zero: the mean of its last analysed block.
  package var zerosMean: Int64?
  package var blocksRequested = 0
  package var plantingsPlanted = 0
  package var plantingsWorked = 0
  package var plantingsLost = 0
}

/// What a pooler still owes a farmer who has left.
package struct Claim: Sendable, Hashable {
  package let exit: ExitID
  package let farmer: FarmerID
  package let payout: String
  package var amount: Stroops
}

extension Pooler {
  /// Its farmers who get fewer zeros than chance explains, by their agreements.
  package func starved(in state: PoolState) -> [Farmer] {
    state.farmers.values.filter {
      !$0.hasLeft && $0.agreement?.pooler == id && $0.agreement?.effort.isStarved == true
    }.sorted { $0.id < $1.id }
  }

  package var debt: Stroops { claims.reduce(0) { $0 + $1.amount } }
}

/// A machine that may hash for a pooler.
package struct AgentRecord: Sendable {
  package let key: Bytes32
  package let pooler: PoolerID
  package let name: String
  /// False while it waits for an operator's word.
  package var isApproved = true
  package var isRevoked = false
  /// Its next key took its place; it is revoked, too.
  package var isReplaced = false
  package var hashesPerSecond: Int64 = 0
  package var threads = 0
  /// Farmers it takes, by its own word; nil: no bound.
  package var farmersMax: Int?

  package var mayWork: Bool { isApproved && !isRevoked }

  /// The same machine under another key.
  func with(key: Bytes32) -> AgentRecord {
    var copy = AgentRecord(key: key, pooler: pooler, name: name)
    copy.hashesPerSecond = hashesPerSecond
    copy.threads = threads
    copy.farmersMax = farmersMax
    return copy
  }
}

/// A wallet whose sealed seed the pool holds.
package struct Wallet: Sendable {
  package let key: Bytes32
  package let kind: WalletKind
  package let owner: Int64
  /// Its account and KALE trustline stand on chain.
  package var isReady = false
  package var isFunded = false
  package var isClosed = false
  /// Base reserves that the sponsor bears for it.
  package var sponsoredReserves: Int64 = 0
}

/// A pooler's block.
package struct PoolerBlock: Sendable, Hashable, Comparable {
  package let block: BlockIndex
  package let pooler: PoolerID

  package init(block: BlockIndex, pooler: PoolerID) {
    self.block = block
    self.pooler = pooler
  }

  package static func < (a: PoolerBlock, b: PoolerBlock) -> Bool {
    (a.block, a.pooler) < (b.block, b.pooler)
  }
}

/// What a pooler's block has come to so far; it becomes the block's row of analytics.
package struct BlockTally: Sendable, Hashable {
  package var wanted = 0
  package var planted = 0
  package var missed = 0
  package var lost = 0
  package var stakeTotal: Stroops = 0
  package var stakeLost: Stroops = 0
  /// Of the stakes lost, those that the pooler pays for.
  package var lostByPooler = 0
  package var results: [WorkResult] = []

  /// Whether every farmer's planting has come to its end, harvest apart.
  package var isResolved: Bool { planted + missed == wanted && results.count + lost == planted }
}

/// A farmer's work on chain.
package struct WorkResult: Sendable, Hashable {
  package let farmer: FarmerID
  package let zeros: Int
  package let gap: Int64
}
