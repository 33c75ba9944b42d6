import Bytes
import KaleRules
import Pool

/// What is decided, when it is decided.
extension Auditor {
  mutating func decided(
    _ decision: Decision, _ state: PoolState, _ view: ChainView, _ chain: ChainModel
  ) {
    var wallets: Set<Bytes32> = []
    for submission in decision.submissions {
      if !wallets.insert(submission.wallet).inserted {
        violate("one in a lane", "two transactions at once for \(submission.wallet)", chain)
      }
      guard let id = submission.farmer, let farmer = state.farmers[id] else { continue }
      switch submission.kind {
      case .plant: checkPlant(submission, farmer, state, view, chain)
      case .work: checkWork(submission, farmer, view, chain)
      case .harvest: checkHarvest(submission, farmer, view, chain)
      default: break
      }
    }
    for event in decision.events {
      guard let made = event as? AssignmentMade else { continue }
      if !view.liveAgents.contains(made.agent) || revoked.contains(made.agent) {
        violate("assigned to the living", "\(made)", chain)
      }
    }
  }

  private mutating func checkPlant(
    _ submission: Submission, _ farmer: Farmer, _ state: PoolState, _ view: ChainView,
    _ chain: ChainModel
  ) {
    if farmers[farmer.id]?.exit != nil, farmer.exit != nil {
      violate("no plant for a leaver", "farmer \(farmer.id)", chain)
    }
    let pooler = farmer.agreement?.pooler
    let isLive = view.liveAgents.contains { enrolled[$0] == pooler && !revoked.contains($0) }
    if !isLive { violate("no plant without an agent", "farmer \(farmer.id)", chain) }
    let liquid = Int128(state.balance(.wallet(farmer.wallet), .kale))
    let bps = Int128(farmer.settings?.stakeBps.rawValue ?? 0)
    var stake = Int64(max(0, liquid) * bps / 10_000)
    if let cap = farmer.settings?.stakeCap { stake = min(stake, cap.rawValue) }
    let isLess = farmer.settings?.withinMaxStake == true && submission.amount.rawValue < stake
    if submission.amount.rawValue != stake, !isLess {
      violate(
        "the stake is as set", "farmer \(farmer.id): \(submission.amount), not \(stake)", chain)
    }
    if view.farmIsPaused { violate("no plant while paused", "farmer \(farmer.id)", chain) }
    let spare = state.balance(.wallet(farmer.wallet), .xlm) - settings.minimumBalance.rawValue
    let needed = Int64(farmer.plantings.count + 3) * settings.feeReserve.rawValue
    if spare < needed {
      violate("fees are kept back", "farmer \(farmer.id) has \(spare) spare, not \(needed)", chain)
    }
  }

  private mutating func checkWork(
    _ submission: Submission, _ farmer: Farmer, _ view: ChainView, _ chain: ChainModel
  ) {
    if view.closeTime < view.openedAt + settings.blockSeconds / 2 {
      violate("work is handed over late", "farmer \(farmer.id)", chain)
    }
  }

  private mutating func checkHarvest(
    _ submission: Submission, _ farmer: Farmer, _ view: ChainView, _ chain: ChainModel
  ) {
    guard let block = submission.block, farmer.exit == nil else { return }
    let after = UInt32(farmer.settings?.harvestAfterBlocks ?? 1)
    let isDue = view.farmIndex.rawValue >= block.rawValue + after
    let margin = min(2_400, life / 4)
    let expires = chain.blocks[block].map { $0.until } ?? 0
    if !isDue, view.ledger + margin + 70 < expires {
      violate(
        "harvested as set", "farmer \(farmer.id): block \(block) in \(view.farmIndex)", chain)
    }
  }

  /// Before anything is sent it is stored.
  mutating func sent(_ transaction: ChainTransaction) {
    if intents[transaction.hash] == nil {
      violate(
        "stored before sent", "\(transaction.hash) is sent and not stored", block: 0, ledger: 0)
    }
  }

  // MARK: - Replay

  /// What a restart begins with is what the events say.
  mutating func restarted(_ coordinator: CoordinatorModel) {
    guard transitions[.restarted, default: 0] == 3 else { return }
    replay(coordinator)
  }

  private mutating func replay(_ coordinator: CoordinatorModel) {
    var state = PoolState(settings: coordinator.settings)
    for event in coordinator.journal.durable { state.apply(event) }
    if Canonical.text(state) != Canonical.text(coordinator.durable) {
      violate("replay equals live", "replayed from scratch", block: 0, ledger: 0)
    }
  }

  /// At the end: everybody is gone, everything is paid, the books are the chain.
  mutating func finish(_ coordinator: CoordinatorModel, _ chain: ChainModel) {
    replay(coordinator)
    if Canonical.text(coordinator.durable) != Canonical.text(coordinator.run.state) {
      violate("replay equals live", "the running state", chain)
    }
    for (id, pail) in pails.sorted(by: {
      ($0.key.block, $0.key.farmer) < ($1.key.block, $1.key.farmer)
    })
    where pail.end == nil {
      violate("every stake has its end", "\(id)", chain)
    }
    for (id, farmer) in farmers.sorted(by: { $0.key < $1.key }) where farmer.owed != 0 {
      violate("losses are compensated", "farmer \(id) is owed \(farmer.owed)", chain)
    }
    for wallet in kinds.keys.sorted() {
      let state = coordinator.durable
      if state.balance(.wallet(wallet), .kale) != chain.kale(wallet)
        || state.balance(.wallet(wallet), .xlm) != chain.xlm(wallet)
      {
        violate("books equal chain", "at the end: \(wallet)", chain)
      }
    }
    for (exit, claim) in claims.sorted(by: { $0.key < $1.key }) where claim.amount != 0 {
      violate("debts are paid", "exit \(exit): \(claim.amount)", chain)
    }
  }
}
