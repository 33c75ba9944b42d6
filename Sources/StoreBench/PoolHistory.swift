package import Bytes
import KaleRules
package import Pool
package import Store

/// A pool's past, made up but whole: every block with its requests, plants, nonces, works, losses and
/// harvests in an order in which they can happen, and postings that fit.
package struct PoolHistory {
  package let poolers: Int
  /// Of all poolers together.
  package let farmers: Int
  private var random: SplitMix
  private var transactions: UInt64 = 0
  private var harvestable: [(farmer: FarmerID, block: BlockIndex, stake: Stroops)] = []

  package init(poolers: Int, farmers: Int, seed: UInt64) {
    self.poolers = poolers
    self.farmers = farmers
    random = SplitMix(seed: seed)
  }

  static let agentsEach = 3

  static func agent(_ pooler: PoolerID, _ index: Int) -> Bytes32 {
    bytes(UInt64(pooler) << 8 | UInt64(index))
  }

  package static func wallet(_ farmer: FarmerID) -> Bytes32 { bytes(UInt64(farmer) << 20) }

  /// About 13 events for each farmer.
  package mutating func block(_ index: UInt32) -> [JournalEntry] {
    let block = BlockIndex(index)
    var entries = [
      JournalEntry(
        event: BlockOpened(
          block: block, openedAt: Int64(index) * 300, entropy: Self.bytes(UInt64(index)),
          gapMin: 0, gapMax: 60, zerosMin: 0, zerosMax: 9))
    ]
    for pooler in 1...PoolerID(poolers) {
      entries.append(
        JournalEntry(
          event: PlantRequested(
            block: block, pooler: pooler, agent: Self.agent(pooler, 0),
            farmers: farmers / poolers)))
    }
    // Farmers' paths run beside each other: their steps are shuffled, each one's in order.
    var paths = (1...FarmerID(farmers)).map { path(of: $0, block) }
    paths += harvests(before: block)
    var order = paths.indices.flatMap { Array(repeating: $0, count: paths[$0].count) }
    order.shuffle(using: &random)
    var next = [Int](repeating: 0, count: paths.count)
    for path in order {
      entries.append(paths[path][next[path]])
      next[path] += 1
    }
    for pooler in 1...PoolerID(poolers) {
      entries.append(
        JournalEntry(
          event: BlockAnalysed(
            block: block, pooler: pooler, wanted: farmers / poolers, planted: 0, missed: 0,
            worked: 0, lost: 0, stakeTotal: 0, stakeLost: 0, zerosMin: 0, zerosMedian: 0,
            zerosMax: 0, gapMin: 0, gapMax: 0)))
    }
    return entries
  }

  private mutating func path(of farmer: FarmerID, _ block: BlockIndex) -> [JournalEntry] {
    let pooler = 1 + farmer % PoolerID(poolers)
    let stake = Stroops(Int64.random(in: 0...1_000_000_000, using: &random))
    if Int.random(in: 0..<20, using: &random) == 0 {
      return [
        JournalEntry(
          event: PlantingResolved(
            farmer: farmer, block: block, pooler: pooler, planted: false, stake: 0, ledger: 0,
            transaction: nil,
            reason: ["no agent of the pooler was connected", "the block was over"]
              .randomElement(using: &random)))
      ]
    }
    let (plant, sent) = transaction(.plant, farmer, block, amount: stake)
    var steps = sent
    let wallet = BookAccount.wallet(Self.wallet(farmer))
    steps.append(
      JournalEntry(
        event: PlantingResolved(
          farmer: farmer, block: block, pooler: pooler, planted: true, stake: stake,
          ledger: 1, transaction: plant, reason: nil),
        postings: stake > 0
          ? [
            Posting(wallet, .kale, -stake.rawValue),
            Posting(.staked(farmer), .kale, stake.rawValue),
          ] : []))
    let agent = Self.agent(pooler, Int.random(in: 0..<Self.agentsEach, using: &random))
    steps.append(
      JournalEntry(event: AssignmentMade(block: block, farmer: farmer, agent: agent, turn: 0)))
    steps.append(
      JournalEntry(
        event: AssignmentDelivered(block: block, farmer: farmer, agent: agent, turn: 0)))
    let zeros = Int.random(in: 4...9, using: &random)
    for found in 1...3 {
      steps.append(
        JournalEntry(
          event: NonceAccepted(
            block: block, farmer: farmer, agent: agent, nonce: random.next(),
            hash: Self.bytes(random.next()), zeros: zeros - 3 + found)))
    }
    if Int.random(in: 0..<100, using: &random) == 0 {
      steps.append(
        JournalEntry(
          event: StakeLost(
            farmer: farmer, block: block, pooler: pooler, stake: stake, reward: 0,
            payer: .pooler, reason: "no valid nonce in time", evidence: "delivered=yes"),
          postings: stake > 0
            ? [
              Posting(.staked(farmer), .kale, -stake.rawValue),
              Posting(.farm, .kale, stake.rawValue),
            ] : []))
      return steps
    }
    let (work, workSent) = transaction(.work, farmer, block)
    steps += workSent
    steps.append(
      JournalEntry(
        event: WorkResolved(
          farmer: farmer, block: block, nonce: random.next(), hash: Self.bytes(random.next()),
          zeros: zeros, gap: Int64.random(in: 20...58, using: &random), ledger: 2,
          transaction: work)))
    steps.append(
      JournalEntry(
        event: WorkFinished(
          block: block, farmer: farmer, agent: agent,
          hashes: Int64.random(in: 1...1_000_000_000, using: &random))))
    harvestable.append((farmer, block, stake))
    return steps
  }

  private mutating func harvests(before block: BlockIndex) -> [[JournalEntry]] {
    let due = harvestable.filter { $0.block < block }
    harvestable.removeAll { $0.block < block }
    return due.map { farmer, block, stake in
      let (hash, sent) = transaction(.harvest, farmer, block)
      let reward = Stroops(Int64.random(in: 1...10_000_000, using: &random))
      let wallet = BookAccount.wallet(Self.wallet(farmer))
      var postings = [
        Posting(.farm, .kale, -reward.rawValue), Posting(wallet, .kale, reward.rawValue),
      ]
      if stake > 0 {
        postings += [
          Posting(.staked(farmer), .kale, -stake.rawValue), Posting(wallet, .kale, stake.rawValue),
        ]
      }
      return sent + [
        JournalEntry(
          event: Harvested(
            farmer: farmer, block: block, reward: reward, stake: stake, ledger: 3,
            transaction: hash), postings: postings)
      ]
    }
  }

  private mutating func transaction(
    _ kind: TransactionKind, _ farmer: FarmerID, _ block: BlockIndex, amount: Stroops = 0
  ) -> (Bytes32, [JournalEntry]) {
    transactions += 1
    let hash = Self.bytes(transactions << 1 | 1)
    let wallet = Self.wallet(farmer)
    let fee = Stroops(Int64.random(in: 1_000...50_000, using: &random))
    let submission = Submission(
      wallet: wallet, kind: kind, farmer: farmer, block: block, amount: amount)
    return (
      hash,
      [
        JournalEntry(
          event: TransactionIntended(
            submission, transaction: hash, sequence: Int64(transactions), maxTime: 0,
            madeAfter: 0, envelope: [UInt8](repeating: 7, count: 600))),
        JournalEntry(
          event: TransactionResolved(
            transaction: hash, wallet: wallet, result: .succeeded, ledger: 1, fee: fee,
            detail: ""),
          postings: [
            Posting(.wallet(wallet), .xlm, -fee.rawValue), Posting(.fees, .xlm, fee.rawValue),
          ]),
      ]
    )
  }

  /// 32 bytes that no other number gives.
  private static func bytes(_ number: UInt64) -> Bytes32 {
    var bytes = [UInt8](repeating: 0, count: 24)
    withUnsafeBytes(of: number.bigEndian) { bytes += Array($0) }
    return Bytes32(bytes) ?? .zero  // 24 + 8
  }
}
