package import Bytes
package import KaleRules

/// A farm block was seen open.
package struct BlockOpened: PoolEvent {
  package static let table = "blocks"
  package var block: BlockIndex
  /// Unix seconds of ledger time at which it was opened.
  package var openedAt: Int64
  package var entropy: Bytes32
  package var gapMin: Int64
  package var gapMax: Int64
  package var zerosMin: Int64
  package var zerosMax: Int64
  /// The least and the most that was staked in the block before.
  package var stakeMin: Stroops
  package var stakeMax: Stroops
  /// The last ledger in which the block's entry can be used; 0: not known.
  package var liveUntil: LedgerSequence
  /// What all works of the block before came to, in millionths of full parts and as the contract
  /// counts, and the stakes in it that were never worked; nil: not known.
  package var partsBefore: Int64?
  package var normalizedBefore: Int64?
  package var unworkedBefore: Stroops?

  package init(
    block: BlockIndex, openedAt: Int64, entropy: Bytes32, gapMin: Int64, gapMax: Int64,
    zerosMin: Int64, zerosMax: Int64, stakeMin: Stroops = 0, stakeMax: Stroops = 0,
    liveUntil: LedgerSequence = 0, partsBefore: Int64? = nil, normalizedBefore: Int64? = nil,
    unworkedBefore: Stroops? = nil
  ) {
    self.block = block
    self.openedAt = openedAt
    self.entropy = entropy
    self.gapMin = gapMin
    self.gapMax = gapMax
    self.zerosMin = zerosMin
    self.zerosMax = zerosMax
    self.stakeMin = stakeMin
    self.stakeMax = stakeMax
    self.liveUntil = liveUntil
    self.partsBefore = partsBefore
    self.normalizedBefore = normalizedBefore
    self.unworkedBefore = unworkedBefore
  }

  /// As the chain has it.
  ///
  /// - Parameter before: The block before: no work can be added to it any more. Nil: not known.
  package init(
    _ index: BlockIndex, _ block: FarmBlock, openedAt: Int64, liveUntil: LedgerSequence,
    before: FarmBlock?
  ) {
    self.init(
      block: index, openedAt: openedAt, entropy: block.entropy, gapMin: Int64(block.minGap),
      gapMax: Int64(block.maxGap), zerosMin: Int64(block.minZeros),
      zerosMax: Int64(block.maxZeros), stakeMin: Self.stroops(block.minStake),
      stakeMax: Self.stroops(block.maxStake), liveUntil: liveUntil,
      partsBefore: before.flatMap(PartRanges.total),
      normalizedBefore: before.flatMap { Int64(exactly: $0.normalizedTotal) },
      unworkedBefore: before.map { Self.stroops($0.stakedTotal) })
  }

  /// For planning: what no wallet can hold is as good as the most that one can.
  private static func stroops(_ amount: Int128) -> Stroops {
    Stroops(Int64(clamping: max(0, amount)))
  }
}

/// A pooler asked for planting. All its farmers who are ready at this point are planted for.
package struct PlantRequested: PoolEvent {
  package static let table = "plant_requests"
  package var block: BlockIndex
  package var pooler: PoolerID
  package var agent: Bytes32
  /// How many farmers are to be planted.
  package var farmers: Int

  package init(block: BlockIndex, pooler: PoolerID, agent: Bytes32, farmers: Int) {
    self.block = block
    self.pooler = pooler
    self.agent = agent
    self.farmers = farmers
  }
}

/// What came of planting for a farmer: one row for each farmer and block.
package struct PlantingResolved: PoolEvent {
  package static let table = "plantings"
  package var farmer: FarmerID
  package var block: BlockIndex
  package var pooler: PoolerID
  package var planted: Bool
  package var stake: Stroops
  /// The ledger of the plant; 0 if not planted.
  package var ledger: LedgerSequence
  package var transaction: Bytes32?
  /// Why it was not planted, in plain words.
  package var reason: String?
  /// Sure ledgers left in the block when the pool knew; nil: not known.
  package var ledgersLeft: Int64?

  package init(
    farmer: FarmerID, block: BlockIndex, pooler: PoolerID, planted: Bool, stake: Stroops,
    ledger: LedgerSequence, transaction: Bytes32?, reason: String?, ledgersLeft: Int64? = nil
  ) {
    self.farmer = farmer
    self.block = block
    self.pooler = pooler
    self.planted = planted
    self.stake = stake
    self.ledger = ledger
    self.transaction = transaction
    self.reason = reason
    self.ledgersLeft = ledgersLeft
  }
}

/// A confirmed plant was given to an agent, with nonces that nobody else was given.
package struct AssignmentMade: PoolEvent {
  package static let table = "assignments"
  package var block: BlockIndex
  package var farmer: FarmerID
  package var agent: Bytes32
  /// How many assignments of this farmer's block came before: it numbers the nonce range.
  package var turn: Int
  /// Sure ledgers left in the block; nil: not known.
  package var ledgersLeft: Int64?

  package init(
    block: BlockIndex, farmer: FarmerID, agent: Bytes32, turn: Int, ledgersLeft: Int64? = nil
  ) {
    self.block = block
    self.farmer = farmer
    self.agent = agent
    self.turn = turn
    self.ledgersLeft = ledgersLeft
  }
}

/// The agent acknowledged the assignment.
package struct AssignmentDelivered: PoolEvent {
  package static let table = "assignment_deliveries"
  package var block: BlockIndex
  package var farmer: FarmerID
  package var agent: Bytes32
  package var turn: Int

  package init(block: BlockIndex, farmer: FarmerID, agent: Bytes32, turn: Int) {
    self.block = block
    self.farmer = farmer
    self.agent = agent
    self.turn = turn
  }
}

/// An agent delivered a nonce that the coordinator hashed again and found better than any before.
package struct NonceAccepted: PoolEvent {
  package static let table = "nonces"
  package var block: BlockIndex
  package var farmer: FarmerID
  package var agent: Bytes32
  package var nonce: UInt64
  package var hash: Bytes32
  package var zeros: Int
  /// Sure ledgers left in the block when it came; nil: not known.
  package var ledgersLeft: Int64?

  package init(
    block: BlockIndex, farmer: FarmerID, agent: Bytes32, nonce: UInt64, hash: Bytes32, zeros: Int,
    ledgersLeft: Int64? = nil
  ) {
    self.block = block
    self.farmer = farmer
    self.agent = agent
    self.nonce = nonce
    self.hash = hash
    self.zeros = zeros
    self.ledgersLeft = ledgersLeft
  }
}

/// An agent says that it stopped with an assignment.
package struct WorkFinished: PoolEvent {
  package static let table = "work_finishes"
  package var block: BlockIndex
  package var farmer: FarmerID
  package var agent: Bytes32
  package var hashes: Int64

  package init(block: BlockIndex, farmer: FarmerID, agent: Bytes32, hashes: Int64) {
    self.block = block
    self.farmer = farmer
    self.agent = agent
    self.hashes = hashes
  }
}

/// A work of a farmer stands on chain, so that the block can be harvested when it has closed.
package struct WorkResolved: PoolEvent {
  package static let table = "works"
  package var farmer: FarmerID
  package var block: BlockIndex
  package var nonce: UInt64
  package var hash: Bytes32
  package var zeros: Int
  /// Ledgers between plant and work, as the contract returned it.
  package var gap: Int64
  package var ledger: LedgerSequence
  /// Nil where the chain had it already and it is not known by which transaction.
  package var transaction: Bytes32?

  package init(
    farmer: FarmerID, block: BlockIndex, nonce: UInt64, hash: Bytes32, zeros: Int, gap: Int64,
    ledger: LedgerSequence, transaction: Bytes32?
  ) {
    self.farmer = farmer
    self.block = block
    self.nonce = nonce
    self.hash = hash
    self.zeros = zeros
    self.gap = gap
    self.ledger = ledger
    self.transaction = transaction
  }
}

/// A stake was lost, and whose loss it is.
package struct StakeLost: PoolEvent {
  package static let table = "stake_losses"
  package var farmer: FarmerID
  package var block: BlockIndex
  package var pooler: PoolerID
  package var stake: Stroops
  /// A reward that was earned and then missed; 0 unless a harvest was missed.
  package var reward: Stroops
  package var payer: Payer
  package var reason: String
  /// What proves it: facts as `key=value` words, events as `key=#position in the journal`.
  package var evidence: String

  package init(
    farmer: FarmerID, block: BlockIndex, pooler: PoolerID, stake: Stroops, reward: Stroops,
    payer: Payer, reason: String, evidence: String
  ) {
    self.farmer = farmer
    self.block = block
    self.pooler = pooler
    self.stake = stake
    self.reward = reward
    self.payer = payer
    self.reason = reason
    self.evidence = evidence
  }
}

/// The treasury paid a farmer's wallet for what was lost through the pool's fault.
package struct Compensated: PoolEvent {
  package static let table = "compensations"
  package var farmer: FarmerID
  package var wallet: Bytes32
  package var treasury: Bytes32
  /// For stakes: never split.
  package var principal: Stroops
  /// For a reward that was earned and missed: split like one.
  package var reward: Stroops
  package var transaction: Bytes32

  package init(
    farmer: FarmerID, wallet: Bytes32, treasury: Bytes32, principal: Stroops, reward: Stroops,
    transaction: Bytes32
  ) {
    self.farmer = farmer
    self.wallet = wallet
    self.treasury = treasury
    self.principal = principal
    self.reward = reward
    self.transaction = transaction
  }
}

/// A block's reward and stake came back to the wallet.
package struct Harvested: PoolEvent {
  package static let table = "harvests"
  package var farmer: FarmerID
  package var block: BlockIndex
  /// As the contract returned it, without the stake.
  package var reward: Stroops
  package var stake: Stroops
  package var ledger: LedgerSequence
  package var transaction: Bytes32

  package init(
    farmer: FarmerID, block: BlockIndex, reward: Stroops, stake: Stroops, ledger: LedgerSequence,
    transaction: Bytes32
  ) {
    self.farmer = farmer
    self.block = block
    self.reward = reward
    self.stake = stake
    self.ledger = ledger
    self.transaction = transaction
  }
}

/// One row for each pooler and block, when all its plantings are resolved.
package struct BlockAnalysed: PoolEvent {
  package static let table = "block_analytics"
  package var block: BlockIndex
  package var pooler: PoolerID
  package var wanted: Int
  package var planted: Int
  package var missed: Int
  package var worked: Int
  package var lost: Int
  package var stakeTotal: Stroops
  package var stakeLost: Stroops
  package var zerosMin: Int
  package var zerosMedian: Int
  package var zerosMax: Int
  package var gapMin: Int64
  package var gapMax: Int64

  package init(
    block: BlockIndex, pooler: PoolerID, wanted: Int, planted: Int, missed: Int, worked: Int,
    lost: Int, stakeTotal: Stroops, stakeLost: Stroops, zerosMin: Int, zerosMedian: Int,
    zerosMax: Int, gapMin: Int64, gapMax: Int64
  ) {
    self.block = block
    self.pooler = pooler
    self.wanted = wanted
    self.planted = planted
    self.missed = missed
    self.worked = worked
    self.lost = lost
    self.stakeTotal = stakeTotal
    self.stakeLost = stakeLost
    self.zerosMin = zerosMin
    self.zerosMedian = zerosMedian
    self.zerosMax = zerosMax
    self.gapMin = gapMin
    self.gapMax = gapMax
  }
}
