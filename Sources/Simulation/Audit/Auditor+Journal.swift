import Bytes
import KaleRules
import Pool

/// What is recorded, as it becomes durable.
extension Auditor {
  /// `state` is the sum of the events before this one.
  mutating func recorded(
    _ event: any PoolEvent, before state: PoolState, _ chain: ChainModel, now: Int64
  ) {
    switch event {
    case let event as WalletMade:
      if kinds.updateValue(event.kind, forKey: event.wallet) != nil {
        violate("unique", "wallet \(event.wallet) was made twice", chain)
      }
    case let event as FarmerRegistered:
      farmerOf[event.wallet] = event.farmer
      if farmers.updateValue(FarmerTruth(wallet: event.wallet), forKey: event.farmer) != nil {
        violate("unique", "farmer \(event.farmer) registered twice", chain)
      }
    case let event as AgentEnrolled:
      enrolled[event.agent] = event.pooler
      count(.agentEnrolled)
    case let event as AgentRevoked: revoked.insert(event.agent)
    case let event as SettingsChanged:
      farmers[event.farmer]?.settings = event
      if event.paused { count(.paused) }
    case let event as AgreementMade: made(event, chain)
    case let event as PoolerSuspended:
      suspended.insert(event.pooler)
      count(.suspended)
    case let event as PoolerReinstated:
      suspended.remove(event.pooler)
      count(.reinstated)
    case let event as QueueJoined: queued(event.farmer, event.pooler, chain)
    case let event as QueueLeft:
      queues[event.pooler]?.removeAll { $0 == event.farmer }
      count(.leftQueue)
    case let event as FarmerRejoined:
      farmerOf[event.wallet] = event.farmer
      farmers[event.farmer] = FarmerTruth(
        wallet: event.wallet, settings: farmers[event.farmer]?.settings,
        wanted: farmers[event.farmer]?.wanted ?? [])
      count(.rejoined)
    case is BondPaid, is BondReleased: bond(event, chain)
    case is AgreementConfirmed: count(.joined)
    case is PayoutConfirmed: count(.payoutMoved)
    case let event as DepositSeen:
      if !deposits.insert(event.chainEvent).inserted {
        violate("unique", "deposit \(event.chainEvent) was booked twice", chain)
      }
      booked(event.chainEvent)
      toCheck.insert(event.wallet)
    case let event as TransactionIntended: intended(event, state, chain, now: now)
    case let event as TransactionResolved: resolved(event, chain)
    case let event as BlockAnalysed: analysed(event, chain)
    case is CoordinatorStarted: count(.restarted)
    case is Compensated, is ExitRequested, is ExitCalledOff, is SplitPaid, is ExitUnsplit, is Swept,
      is WalletClosed:
      left(event, state, chain, now: now)
    default: played(event, state, chain, now: now)
    }
  }

  private mutating func made(_ event: AgreementMade, _ chain: ChainModel) {
    if !agreements.insert(event.agreement).inserted {
      violate("unique", "agreement \(event.agreement) was made twice", chain)
    }
    // First come, first served.
    if let queue = queues[event.pooler], !queue.isEmpty {
      if queue[0] != event.farmer {
        violate(
          "first come, first served", "farmer \(event.farmer) before \(queue[0])", chain)
      }
      queues[event.pooler]?.removeAll { $0 == event.farmer }
      count(.promoted)
    }
    if suspended.contains(event.pooler) || owes(event.pooler) {
      violate(
        "nobody joins who owes", "farmer \(event.farmer) joins pooler \(event.pooler)", chain)
    }
    farmers[event.farmer]?.agreement = event
    farmers[event.farmer]?.bondPaid = 0
    farmers[event.farmer]?.rewards = 0
    farmers[event.farmer]?.lossByPooler = 0
  }

  mutating func queued(_ farmer: FarmerID, _ pooler: PoolerID, _ chain: ChainModel) {
    if queues.values.contains(where: { $0.contains(farmer) }) {
      violate("unique", "farmer \(farmer) waits twice", chain)
    }
    queues[pooler, default: []].append(farmer)
    count(.queued)
  }

  /// Whether farmers who left are owed by a pooler.
  func owes(_ pooler: PoolerID) -> Bool {
    claims.contains { $0.value.pooler == pooler && $0.value.amount > 0 }
  }

  // MARK: - Transactions

  private mutating func intended(
    _ event: TransactionIntended, _ state: PoolState, _ chain: ChainModel, now: Int64
  ) {
    if intents.updateValue(event, forKey: event.transaction) != nil {
      violate("unique", "transaction \(event.transaction) was intended twice", chain)
    }
    if let other = intentOf[event.wallet], !resolved.contains(other) {
      violate(
        "one in a lane",
        "\(event.kind) for \(event.wallet) while \(intents[other]?.kind.rawValue ?? "") is open",
        chain)
    }
    intentOf[event.wallet] = event.transaction
    if kinds[event.wallet] == .channel { count(.byChannel) }
    guard let id = event.farmer, let farmer = farmers[id] else { return }
    switch event.kind {
    case .plant:
      guard let block = event.block else { return }
      if pails[PailID(farmer: id, block: block)] != nil {
        violate("plants once", "farmer \(id) is planted in \(block) already", chain)
      }
      if !farmer.wanted.contains(block) {
        violate("planted on request", "nobody asked for farmer \(id) in \(block)", chain)
      }
    case .work:
      guard let block = event.block, let hash = event.hash else { return }
      let nonces = pails[PailID(farmer: id, block: block)]?.nonces ?? []
      let best = nonces.filter { $0.at < now - 20_000 }.map(\.zeros).max()
      if nonces.isEmpty || KaleHash.zeros(hash) < best ?? 0 {
        violate("the best nonce is handed over", "farmer \(id), block \(block)", chain)
      }
    case .settle:
      let open = openPails.filter { $0.farmer == id && pails[$0]?.end == nil }
      if !open.isEmpty || farmer.owed > 0 {
        violate(
          "settled when nothing is open",
          "farmer \(id) has \(open.count) open, \(farmer.owed) owed",
          chain)
      }
    default: break
    }
  }

  private mutating func resolved(_ event: TransactionResolved, _ chain: ChainModel) {
    if !resolved.insert(event.transaction).inserted {
      violate("unique", "transaction \(event.transaction) was resolved twice", chain)
    }
    booked("\(event.transaction)")
    toCheck.insert(event.wallet)
    let outcome = chain.outcomes[event.transaction]
    let isTrue =
      switch event.result {
      case .succeeded: outcome.map { $0.failure == nil } ?? false
      case .failed: outcome.map { $0.failure != nil } ?? false
      case .neverIncluded:
        outcome == nil
          && !chain.mayStillInclude(
            event.transaction, of: intents[event.transaction]?.wallet ?? event.wallet)
      }
    if !isTrue {
      violate(
        "outcomes are true", "\(event.transaction) is recorded as \(event.result.rawValue)", chain)
    }
    switch event.result {
    case .succeeded: count(.succeeded)
    case .failed: count(.failed)
    case .neverIncluded: count(.neverIncluded)
    }
    if event.result == .succeeded, intents[event.transaction]?.kind == .openBlock {
      count(.blockOpenedByUs)
    }
  }

  private mutating func analysed(_ event: BlockAnalysed, _ chain: ChainModel) {
    let key = PoolerBlock(block: event.block, pooler: event.pooler)
    if !analysed.insert(key).inserted {
      violate("unique", "\(key) was analysed twice", chain)
    }
    count(.blockAnalysed)
    let tally = tallies[key] ?? Tally()
    let isTrue =
      event.wanted == tally.wanted && event.planted == tally.planted
      && event.missed == tally.missed && event.worked == tally.worked && event.lost == tally.lost
      && event.stakeTotal.rawValue == tally.stake && event.stakeLost.rawValue == tally.stakeLost
    if !isTrue { violate("analytics are true", "\(event), not \(tally)", chain) }
  }
}
