import Bytes
import KaleRules
import Pool

/// What happens on chain, as it happens.
extension Auditor {
  /// A transaction was included: what it moved is in no book yet.
  mutating func included(
    _ transaction: ChainTransaction, _ outcome: ChainOutcome, _ movements: [Movement],
    _ chain: ChainModel, now: Int64
  ) {
    add(movements.filter { kinds[$0.wallet] != nil }, as: "\(transaction.hash)")
    guard outcome.failure == nil, let farmer = farmerOf[transaction.farmer] else { return }
    switch transaction.call {
    case .plant: planted(farmer, transaction, chain, now: now)
    case .work:
      let id = PailID(farmer: farmer, block: chain.farmIndex)
      guard let pail = chain.pail(transaction.farmer, chain.farmIndex), let gap = pail.gap,
        let zeros = pail.zeros
      else { return }
      if pails[id]?.work != nil { violate("works once", "\(id) was worked twice", chain) }
      pails[id]?.work = (Int64(gap), Int(zeros))
    default: break
    }
  }

  private mutating func planted(
    _ farmer: FarmerID, _ transaction: ChainTransaction, _ chain: ChainModel, now: Int64
  ) {
    let id = PailID(farmer: farmer, block: chain.farmIndex)
    guard let pail = chain.pail(transaction.farmer, chain.farmIndex), pails[id] == nil,
      let live = chain.blocks[chain.farmIndex]
    else { return violate("plants once", "\(id) was planted twice", chain) }
    guard let intent = intents[transaction.hash], intent.kind == .plant else {
      return violate("stored before sent", "a plant without an intent", chain)
    }
    let pooler = farmers[farmer]?.agreement?.pooler ?? 0
    if requests[PoolerBlock(block: chain.farmIndex, pooler: pooler)] == nil {
      violate("planted on request", "\(id) was planted and pooler \(pooler) did not ask", chain)
    }
    let elapsed = 1_000 * (Int64(live.value.timestamp) - Simulation.start)
    pails[id] = PailTruth(
      pooler: pooler, stake: Int64(pail.stake), ledger: pail.sequence, plantedAt: now,
      until: live.until, cutOff: elapsed + 1_000 * settings.blockSeconds)
    openPails.insert(id)
  }

  mutating func harvestedByStranger(
    _ wallet: Bytes32, _ amount: Int64, _ transaction: Bytes32
  ) {
    guard kinds[wallet] != nil else { return }
    add([Movement(wallet: wallet, kale: amount)], as: "\(transaction)")
  }

  /// Payments from outside that came in since the last look.
  mutating func noteTransfers(_ chain: ChainModel) {
    for transfer in chain.transfers[transfersSeen...] where !transfer.isMint {
      guard kinds[transfer.to] != nil, transfer.from.map({ kinds[$0] == nil }) ?? true,
        !deposits.contains(transfer.id)
      else { continue }
      add(
        [
          Movement(
            wallet: transfer.to, kale: transfer.isKale ? transfer.amount : 0,
            xlm: transfer.isKale ? 0 : transfer.amount)
        ], as: transfer.id)
    }
    transfersSeen = chain.transfers.count
  }

  private mutating func add(_ movements: [Movement], as name: String) {
    guard !movements.isEmpty else { return }
    unbooked[name] = movements
    for movement in movements { sum(movement, sign: 1) }
  }

  /// The books have it now.
  mutating func booked(_ name: String) {
    for movement in unbooked.removeValue(forKey: name) ?? [] { sum(movement, sign: -1) }
  }

  private mutating func sum(_ movement: Movement, sign: Int64) {
    var sum = unbookedSums[movement.wallet] ?? Movement(wallet: movement.wallet)
    sum.kale += sign * movement.kale
    sum.xlm += sign * movement.xlm
    unbookedSums[movement.wallet] = sum.kale == 0 && sum.xlm == 0 ? nil : sum
    toCheck.insert(movement.wallet)
  }

  var isBooked: Bool { unbookedSums.isEmpty }

  var unbookedText: String {
    "\(unbooked.count) movements in no book \(unbooked.map { "\($0.key): \($0.value)" }.sorted().prefix(3))"
  }

  /// A block's successor opened: nothing of it can be worked any more.
  mutating func blockClosed(_ block: BlockIndex, _ chain: ChainModel, now: Int64) {
    for id in openPails.sorted(by: { ($0.block, $0.farmer) < ($1.block, $1.farmer) }) {
      guard var pail = pails[id], pail.end == nil else {
        openPails.remove(id)
        continue
      }
      if id.block == block {
        pail.closedAt = now
        pail.followedAtClose = ledgersFollowed
        pail.reward = reward(of: id, chain)
      }
      let followed = ledgersFollowed - pail.followedAtClose
      if pail.work == nil, pail.closedAt != nil, followed > 120 {
        violate(
          "losses are recorded", "\(id) is lost and \(followed) ledgers later not recorded", chain)
      }
      checkExpiry(id, &pail, chain)
      pails[id] = pail
    }
  }

  private func reward(of id: PailID, _ chain: ChainModel) -> Int64? {
    guard let wallet = farmers[id.farmer]?.wallet, let pail = chain.pail(wallet, id.block),
      let gap = pail.gap, let zeros = pail.zeros, let block = chain.blocks[id.block]?.value
    else { return nil }
    return
      (try? KaleReward.reward(
        gap: gap, stake: pail.stake, zeros: zeros, in: block, index: id.block)).map { Int64($0) }
  }

  /// A worked pail must be harvested before its block's entry expires, if ledgers close.
  private mutating func checkExpiry(_ id: PailID, _ pail: inout PailTruth, _ chain: ChainModel) {
    guard pail.work != nil else { return }
    let margin = min(2_400, life / 4)
    if pail.followedAtMargin == nil, chain.sequence + margin >= pail.until {
      pail.followedAtMargin = ledgersFollowed
    }
    guard chain.sequence > pail.until, let mark = pail.followedAtMargin,
      let wallet = farmers[id.farmer]?.wallet
    else { return }
    // Most of the margin was there, the wallet could pay, and the block was over.
    if ledgersFollowed - mark > Int(margin) / 2, chain.available(wallet) > 1_000_000,
      chain.feeFactor == 1, let closed = pail.closedAt, closed < pail.cutOff + 600_000
    {
      violate("harvested before expiry", "\(id) expired unharvested", chain)
    }
  }

  mutating func violate(_ rule: String, _ text: String, _ chain: ChainModel) {
    violate(rule, text, block: chain.farmIndex, ledger: chain.sequence)
  }
}

extension Simulation {
  /// After every ledger: the books and the chain agree, but for what is on its way.
  func auditLedger() {
    fundTreasury()
    auditor.noteTransfers(chain)
    let books = coordinator.durable
    for wallet in auditor.toCheck.sorted() where auditor.kinds[wallet] != nil {
      let open = auditor.unbookedSums[wallet] ?? Movement(wallet: wallet)
      let kale = books.balance(.wallet(wallet), .kale) + open.kale
      let xlm = books.balance(.wallet(wallet), .xlm) + open.xlm
      if kale != chain.kale(wallet) || xlm != chain.xlm(wallet) {
        violation(
          "books equal chain",
          "wallet \(wallet) of \(auditor.farmerOf[wallet] ?? 0): KALE \(kale) in the books,"
            + " \(chain.kale(wallet)) on chain; XLM \(xlm) and \(chain.xlm(wallet))")
      }
    }
    auditor.toCheck = []
    for asset in BookAsset.allCases {
      let sum = books.balances.values.reduce(Int128(0)) { $0 + Int128($1[asset] ?? 0) }
      if sum != 0 { violation("books sum to zero", "\(asset) sums to \(sum)") }
    }
    endIfDone()
  }
}
