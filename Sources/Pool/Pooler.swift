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
  /// What it owes for losses beyond its share; while it owes it takes no new farmer.
  package var debt: Stroops = 0
  package var blocksRequested = 0
  package var plantingsPlanted = 0
  package var plantingsWorked = 0
  package var plantingsLost = 0
}

/// A machine that may hash for a pooler.
package struct AgentRecord: Sendable {
  package let key: Bytes32
  package let pooler: PoolerID
  package let name: String
  package var isRevoked = false
  package var hashesPerSecond: Int64 = 0
  package var threads = 0

  /// The same machine under another key.
  func with(key: Bytes32) -> AgentRecord {
    var copy = AgentRecord(key: key, pooler: pooler, name: name)
    copy.hashesPerSecond = hashesPerSecond
    copy.threads = threads
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
  package var zeros: [Int] = []
  package var gaps: [Int64] = []

  /// Whether every farmer's planting has come to its end, harvest apart.
  package var isResolved: Bool { planted + missed == wanted && zeros.count + lost == planted }
}
