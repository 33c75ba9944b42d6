import Bytes
import KaleRules
import Pool

/// A farmer's part in a block, as recorded, against what the chain did.
extension Auditor {
  mutating func played(
    _ event: any PoolEvent, _ state: PoolState, _ chain: ChainModel, now: Int64
  ) {
    switch event {
    case let event as PlantRequested: requested(event, state, chain)
    case let event as PlantingResolved: planting(event, chain, now: now)
    case let event as AssignmentMade: assigned(event, chain, now: now)
    case let event as AssignmentDelivered:
      let id = PailID(farmer: event.farmer, block: event.block)
      if pails[id]?.deliveredAt == nil { pails[id]?.deliveredAt = now }
      count(.delivered)
    case let event as NonceAccepted: accepted(event, chain, now: now)
    case let event as WorkResolved: worked(event, chain)
    case let event as Harvested: harvested(event, chain)
    case let event as StakeLost: lost(event, chain, now: now)
    default: break
    }
  }

  private mutating func requested(
    _ event: PlantRequested, _ state: PoolState, _ chain: ChainModel
  ) {
    let key = PoolerBlock(block: event.block, pooler: event.pooler)
    if requests.updateValue(event, forKey: key) != nil {
      violate("unique", "\(key) was asked for twice", chain)
    }
    // Everybody who is active, and nobody else.
    let wanted = farmers.filter { id, farmer in
      !suspended.contains(event.pooler) && farmer.agreement?.pooler == event.pooler
        && farmer.exit == nil && !farmer.hasLeft
        && farmer.settings?.paused == false
        && state.farmers[id]?.agreement?.isConfirmed == true
        && state.wallets[farmer.wallet]?.isReady == true && !farmer.wanted.contains(event.block)
    }.keys
    if wanted.count != event.farmers {
      violate(
        "all active farmers are planted for", "\(event.farmers) instead of \(wanted.count)", chain)
    }
    for id in wanted {
      farmers[id]?.wanted.insert(event.block)
      count(.wanted)
    }
    tallies[key] = Tally(wanted: wanted.count)
  }

  private mutating func planting(
    _ event: PlantingResolved, _ chain: ChainModel, now: Int64
  ) {
    let id = PailID(farmer: event.farmer, block: event.block)
    let key = PoolerBlock(block: event.block, pooler: event.pooler)
    guard farmers[event.farmer]?.wanted.contains(event.block) == true else {
      return violate("planted on request", "\(id) resolved and was not wanted", chain)
    }
    if !plantingsResolved.insert(id).inserted {
      violate("unique", "\(id) is resolved twice", chain)
    }
    guard event.planted else {
      if pails[id] != nil {
        violate("outcomes are true", "\(id) is recorded as missed and was planted", chain)
      }
      tallies[key]?.missed += 1
      count(.missed)
      return
    }
    guard var pail = pails[id] else {
      return violate("outcomes are true", "\(id) is recorded as planted and is not", chain)
    }
    if pail.confirmedAt != nil { violate("unique", "\(id) was planted twice", chain) }
    if pail.stake != event.stake.rawValue || pail.ledger != event.ledger {
      violate("outcomes are true", "\(id) has stake \(pail.stake) in \(pail.ledger)", chain)
    }
    pail.confirmedAt = now
    pails[id] = pail
    tallies[key]?.planted += 1
    tallies[key]?.stake += pail.stake
    count(.planted)
  }

  private mutating func assigned(
    _ event: AssignmentMade, _ chain: ChainModel, now: Int64
  ) {
    let id = PailID(farmer: event.farmer, block: event.block)
    if pails[id]?.confirmedAt == nil {
      violate("assigned when planted", "\(id) was assigned without a confirmed plant", chain)
    }
    if enrolled[event.agent] == nil || enrolled[event.agent] != pails[id]?.pooler {
      violate("assigned to its pooler", "\(id) went to another pooler's agent", chain)
    }
    let overlaps = assignments.keys.contains {
      $0.block == event.block && $0.farmer == event.farmer && $0.nonces.overlaps(event.nonces)
    }
    if overlaps { violate("no nonce twice", "\(id) turn \(event.turn)", chain) }
    if assignments.count > 500 {
      assignments = assignments.filter { $0.key.block.next >= event.block }
    }
    assignments[event] = now
    count(event.turn == 0 ? .assigned : .reassigned)
  }

  private mutating func accepted(_ event: NonceAccepted, _ chain: ChainModel, now: Int64) {
    let id = PailID(farmer: event.farmer, block: event.block)
    guard let wallet = farmers[event.farmer]?.wallet, let block = chain.blocks[event.block]?.value,
      var pail = pails[id]
    else { return violate("nonces are verified", "\(id) has no pail", chain) }
    let hash = KaleHash.hash(
      block: event.block.rawValue, nonce: event.nonce, entropy: block.entropy, farmer: wallet)
    if hash != event.hash || KaleHash.zeros(hash) != event.zeros {
      violate("nonces are verified", "\(id): nonce \(event.nonce) is not what is recorded", chain)
    }
    let best = pail.nonces.map(\.zeros).max()
    if let best, event.zeros <= best {
      violate("only improvements", "\(id): \(event.zeros) after \(best)", chain)
    }
    count(best == nil ? .nonceAccepted : .nonceBettered)
    pail.nonces.append((now, event.zeros))
    pails[id] = pail
  }

  private mutating func worked(_ event: WorkResolved, _ chain: ChainModel) {
    let id = PailID(farmer: event.farmer, block: event.block)
    guard let pail = pails[id], let work = pail.work else {
      return violate("outcomes are true", "\(id) is recorded as worked and is not", chain)
    }
    if work.gap != event.gap || work.zeros != event.zeros {
      violate("outcomes are true", "\(id) has gap \(work.gap), zeros \(work.zeros)", chain)
    }
    tallies[PoolerBlock(block: event.block, pooler: pail.pooler)]?.worked += 1
    count(.worked)
  }

  private mutating func harvested(_ event: Harvested, _ chain: ChainModel) {
    let id = PailID(farmer: event.farmer, block: event.block)
    if !harvestTransactions.insert(event.transaction).inserted {
      violate("unique", "transaction \(event.transaction) harvested twice", chain)
    }
    harvestPayments[event.farmer, default: []].insert(
      HarvestPayment(ledger: event.ledger, amount: event.reward + event.stake))
    booked("\(event.transaction)")
    guard let pail = pails[id], pail.end == nil, pail.work != nil else {
      return violate("harvested once", "\(id)", chain)
    }
    if pail.stake != event.stake.rawValue {
      violate("outcomes are true", "\(id): stake \(event.stake) came back", chain)
    }
    pails[id]?.end = .harvested
    openPails.remove(id)
    farmers[event.farmer]?.rewards += event.reward.rawValue
    count(.harvested)
  }

  // MARK: - Losses

  private mutating func lost(_ event: StakeLost, _ chain: ChainModel, now: Int64) {
    let id = PailID(farmer: event.farmer, block: event.block)
    guard let pail = pails[id], pail.end == nil else {
      return violate("lost once", "\(id) is recorded as lost", chain)
    }
    guard pail.closedAt != nil || pail.work != nil else {
      return violate("losses are true", "\(id) is not over", chain)
    }
    if pail.work != nil, chain.sequence <= pail.until {
      return violate("losses are true", "\(id) was worked and has not expired", chain)
    }
    let lost = pail.work == nil ? 0 : pail.reward ?? 0
    let reward = event.reward.rawValue
    if event.stake.rawValue != pail.stake || reward != lost {
      violate(
        "losses are true",
        "\(id): \(event.stake) and \(reward) recorded, \(pail.stake) and \(lost) lost", chain)
    }
    let payers = payers(of: id, pail, now: now)
    if !payers.contains(event.payer) {
      violate(
        "the right one pays",
        "\(id): \(event.payer.rawValue) instead of"
          + " \(payers.map(\.rawValue).sorted().joined(separator: " or ")) (\(event.evidence));"
          + " in truth: \(pail), up since \(lastStart(before: pail.cutOff))",
        chain)
    }
    pails[id]?.end = .lost
    openPails.remove(id)
    let key = PoolerBlock(block: event.block, pooler: pail.pooler)
    if pail.work == nil {
      tallies[key]?.lost += 1
      tallies[key]?.stakeLost += pail.stake
    }
    switch event.payer {
    case .farmer: count(.lostByFarmer)
    case .pooler:
      farmers[event.farmer]?.lossByPooler += pail.stake
      count(.lostByPooler)
    case .treasury:
      farmers[event.farmer]?.owed += pail.stake + reward
      count(.lostByTreasury)
    }
  }

  /// Who may be asked to pay, by what the injector did. Source: design.md §6.
  private func payers(of id: PailID, _ pail: PailTruth, now: Int64) -> Set<Payer> {
    if pail.work != nil { return [.treasury] }
    let end = min(pail.cutOff, pail.closedAt ?? pail.cutOff)
    if let first = pail.nonces.first {
      // The pool's own cut-off is four ledgers before the block may end; ledgers are not punctual.
      if first.at < end - 30_000 {
        return refusedForXLM.contains(id) ? [.farmer, .treasury] : [.treasury]
      }
      return refusedForXLM.contains(id)
        ? [.farmer, .treasury, .pooler] : [.treasury, .pooler]
    }
    // What is left to answer in: fifty seconds and the cut-off are enough, thirty are not.
    let upSince = lastStart(before: end)
    if isDown(at: end) || upSince > end - 40_000 {
      return startedByOldLedger ? [.treasury, .pooler] : [.treasury]
    }
    let start = max(pail.plantedAt, upSince)
    // Nor, where nodes are behind or ledgers slow, does it know how much is left.
    let doubt = behind(from: pail.plantedAt, to: end)
    guard let confirmed = pail.confirmedAt, confirmed < end - 40_000 else {
      return doubt > 0 && pail.confirmedAt != nil ? [.treasury, .pooler] : [.treasury]
    }
    // Whoever starts after the block cannot know when it went down, nor by a lagging node's clock
    // when it started.
    if down.last.map({ $0.upperBound > end }) ?? false || startedByOldLedger {
      return [.treasury, .pooler]
    }
    let enough = 90_000 + doubt
    let isTight = max(start, confirmed) > end - enough
    if let delivered = pail.deliveredAt {
      return delivered < end - enough && !isTight ? [.pooler] : [.pooler, .treasury]
    }
    let absent = absence(of: pail.pooler, confirmed, end)
    // Gone before the plant stood, and the coordinator saw it all: proved. Gone about then: not.
    if absence(of: pail.pooler, pail.plantedAt, end) >= end - pail.plantedAt, !isTight,
      upSince <= pail.plantedAt
    {
      return [.pooler]
    }
    if absent > 0 { return [.pooler, .treasury] }
    // Somebody was there all the time and was given nothing.
    return end - confirmed > 30_000 ? [.treasury] : [.treasury, .pooler]
  }
}
