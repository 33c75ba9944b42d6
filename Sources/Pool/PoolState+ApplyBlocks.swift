import KaleRules

/// Blocks, plantings and works.
extension PoolState {
  /// Blocks whose ranges and expiry are kept: more than any harvest setting allows to be open.
  package static let blocksKept: UInt32 = 300

  mutating func take(_ event: BlockOpened) {
    block = event
    blocks[event.block] = event
    blocks = blocks.filter { $0.key.rawValue + Self.blocksKept > event.block.rawValue }
    // Nobody asks for a block that is over; the one before this is kept for late repetitions.
    requests = requests.filter { $0.block.next >= event.block }
  }

  mutating func take(_ event: PlantRequested) {
    let key = PoolerBlock(block: event.block, pooler: event.pooler)
    guard requests.insert(key).inserted else { return }
    poolers[event.pooler]?.blocksRequested += 1
    let wanted = ready(for: event.pooler, block: event.block)
    assert(wanted.count == event.farmers)
    for farmer in wanted {
      var planting = Planting(pooler: event.pooler)
      planting.trail.plantRequest = position
      farmers[farmer]?.plantings[event.block] = planting
    }
    tallies[key] = BlockTally(wanted: wanted.count)
  }

  mutating func take(_ event: PlantingResolved) {
    let key = PoolerBlock(block: event.block, pooler: event.pooler)
    guard event.planted else {
      farmers[event.farmer]?.plantings[event.block] = nil
      farmers[event.farmer]?.lastMissed = event.block
      tallies[key]?.missed += 1
      return
    }
    if var planting = farmers[event.farmer]?.plantings[event.block] {
      planting.phase = .planted
      planting.stake = event.stake
      planting.plantedIn = event.ledger
      planting.confirmedLedgersLeft = event.ledgersLeft
      planting.agentWasConnected = isConnected(event.pooler)
      planting.trail.planting = position
      farmers[event.farmer]?.plantings[event.block] = planting
    }
    poolers[event.pooler]?.plantingsPlanted += 1
    tallies[key]?.planted += 1
    tallies[key]?.stakeTotal += event.stake
  }

  private func isConnected(_ pooler: PoolerID) -> Bool {
    sessions.keys.contains { agents[$0]?.pooler == pooler && agents[$0]?.mayWork == true }
  }

  mutating func take(_ event: AssignmentMade) {
    guard var planting = farmers[event.farmer]?.plantings[event.block] else { return }
    planting.assignment = Planting.Assignment(
      agent: event.agent, turn: event.turn, isDelivered: false)
    planting.turns = event.turn + 1
    if planting.trail.assignment == nil {
      planting.trail.assignment = position
      planting.assignedLedgersLeft = event.ledgersLeft
    }
    farmers[event.farmer]?.plantings[event.block] = planting
  }

  mutating func take(_ event: AssignmentDelivered) {
    guard var planting = farmers[event.farmer]?.plantings[event.block] else { return }
    planting.trail.delivery = planting.trail.delivery ?? position
    if planting.assignment?.turn == event.turn { planting.assignment?.isDelivered = true }
    farmers[event.farmer]?.plantings[event.block] = planting
  }

  mutating func take(_ event: NonceAccepted) {
    guard var planting = farmers[event.farmer]?.plantings[event.block] else { return }
    planting.best = Planting.Nonce(value: event.nonce, hash: event.hash, zeros: event.zeros)
    if planting.trail.nonce == nil {
      planting.trail.nonce = position
      planting.nonceLedgersLeft = event.ledgersLeft
    }
    farmers[event.farmer]?.plantings[event.block] = planting
  }

  mutating func take(_ event: WorkResolved) {
    guard let planting = farmers[event.farmer]?.plantings[event.block] else { return }
    farmers[event.farmer]?.plantings[event.block]?.phase = .worked(
      zeros: event.zeros, gap: event.gap)
    poolers[planting.pooler]?.plantingsWorked += 1
    let key = PoolerBlock(block: event.block, pooler: planting.pooler)
    tallies[key]?.results.append(
      WorkResult(farmer: event.farmer, zeros: event.zeros, gap: event.gap))
  }

  mutating func take(_ event: StakeLost) {
    guard let planting = farmers[event.farmer]?.plantings[event.block] else { return }
    farmers[event.farmer]?.plantings[event.block] = nil
    poolers[event.pooler]?.plantingsLost += 1
    if planting.phase == .planted {
      let key = PoolerBlock(block: event.block, pooler: event.pooler)
      tallies[key]?.lost += 1
      tallies[key]?.stakeLost += event.stake
      if event.payer == .pooler { tallies[key]?.lostByPooler += 1 }
    }
    switch event.payer {
    case .farmer: break
    case .pooler: farmers[event.farmer]?.agreement?.loss += event.stake
    case .treasury:
      farmers[event.farmer]?.owedPrincipal += event.stake
      farmers[event.farmer]?.owedReward += event.reward
    }
  }

  // MARK: - What a block tells of its pooler

  mutating func take(_ event: BlockAnalysed) {
    let key = PoolerBlock(block: event.block, pooler: event.pooler)
    guard let tally = tallies.removeValue(forKey: key) else { return }
    noteLosses(tally, key)
    noteEffort(tally, key)
  }

  /// A block without a stake at risk says nothing; blocks may be resolved out of order.
  private mutating func noteLosses(_ tally: BlockTally, _ key: PoolerBlock) {
    guard tally.planted > 0, var pooler = poolers[key.pooler], pooler.lastBadBlock < key.block
    else { return }
    if tally.lostByPooler > 0 {
      pooler.badBlocks += 1
      pooler.lastBadBlock = key.block
    } else {
      pooler.badBlocks = 0
    }
    poolers[key.pooler] = pooler
  }

  private mutating func noteEffort(_ tally: BlockTally, _ key: PoolerBlock) {
    guard !tally.results.isEmpty else { return }
    let (each, variance) = Effort.excesses(tally.results)
    for (farmer, excess) in each where farmers[farmer]?.agreement?.pooler == key.pooler {
      farmers[farmer]?.agreement?.effort.add(excess: excess, variance: variance)
    }
    let mean =
      tally.results.reduce(0) { $0 + 1_000 * Int64($1.zeros) } / Int64(tally.results.count)
    poolers[key.pooler]?.zerosMean = mean
    guard let block = blocks[key.block] else { return }
    poolers[key.pooler]?.delivered = Self.delivered(
      mean: mean, farmers: tally.results.count, most: block.zerosMax, settings)
  }

  /// Hashes a second that a mean of zeros shows; nil where all are at the greatest that is searched
  /// for, so that more may have been possible.
  ///
  /// Lowest-first gives K + h / (15 · 16^K) zeros after h hashes each beyond 16^K (kale.md §8.5).
  static func delivered(
    mean: Int64, farmers: Int, most: Int64, _ settings: PoolSettings
  ) -> Int64? {
    // Half the farmers at the greatest: the rate is no limit.
    guard mean < 1_000 * max(1, most) - 500 else { return nil }
    let whole = min(mean / 1_000, 14)
    let step = Int64(1) << (4 * whole)
    let each = step + 15 * step / 1_000 * (mean % 1_000)
    let seconds = max(1, settings.blockSeconds - settings.cutOffLedgers * settings.ledgerSeconds)
    return Int64(clamping: Int128(each) * Int128(farmers) / Int128(seconds))
  }
}
