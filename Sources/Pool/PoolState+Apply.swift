import Bytes
import KaleRules

extension PoolState {
  /// Takes an event in. Total: what it does not know of it ignores.
  package mutating func apply(_ event: any PoolEvent) {
    for posting in postings(for: event) {
      balances[posting.account, default: [:]][posting.asset, default: 0] += posting.amount
    }
    switch event {
    case let event as CoordinatorStarted:
      runningSince = event.ledgerCloseTime
      depositsSince = depositsSince ?? event.ledger
    case let event as WalletMade: take(event)
    case let event as FarmerRegistered: take(event)
    case let event as PasswordChanged:
      farmers[event.farmer]?.passwordHash = event.passwordHash
    case let event as PoolerRegistered: take(event)
    case let event as EnrolmentIssued: enrolments[event.tokenKey] = event
    case let event as AgentEnrolled:
      enrolments[event.tokenKey] = nil
      agents[event.agent] = AgentRecord(
        key: event.agent, pooler: event.pooler, name: event.name)
    case let event as AgentRevoked: take(event)
    case let event as AgentKeyOffered: take(event)
    case let event as AgentKeyReplaced: take(event)
    case let event as CapacityReported:
      agents[event.agent]?.hashesPerSecond = event.hashesPerSecond
      agents[event.agent]?.threads = event.threads
    case let event as SettingsChanged: farmers[event.farmer]?.settings = event
    case let event as PayoutChanged: take(event)
    case let event as WalletFunded: wallets[event.wallet]?.isFunded = true
    case let event as WalletReady: wallets[event.wallet]?.isReady = true
    case let event as AgreementMade: take(event)
    case let event as AgreementConfirmed:
      farmers[event.farmer]?.agreement?.isConfirmed = true
    case let event as PayoutConfirmed:
      farmers[event.farmer]?.agreement?.payout = event.payout
    case let event as DepositSeen:
      depositsSeen.insert(event.chainEvent)
      depositsSince = max(depositsSince ?? 0, event.ledger)
    case let event as BlockOpened:
      block = event
      // Nobody asks for a block that is over; the one before this is kept for late repetitions.
      requests = requests.filter { $0.block.next >= event.block }
    case let event as PlantRequested: take(event)
    case let event as PlantingResolved: take(event)
    case let event as AssignmentMade: take(event)
    case let event as AssignmentDelivered: take(event)
    case let event as NonceAccepted:
      farmers[event.farmer]?.plantings[event.block]?.best = Planting.Nonce(
        value: event.nonce, hash: event.hash, zeros: event.zeros)
    case let event as WorkResolved: take(event)
    case let event as StakeLost: take(event)
    case let event as Compensated:
      farmers[event.farmer]?.owedPrincipal -= event.principal
      farmers[event.farmer]?.owedReward -= event.reward
      farmers[event.farmer]?.agreement?.rewards += event.reward
    case let event as Harvested:
      farmers[event.farmer]?.plantings[event.block] = nil
      farmers[event.farmer]?.agreement?.rewards += event.reward
    case let event as BlockAnalysed:
      tallies[PoolerBlock(block: event.block, pooler: event.pooler)] = nil
    case let event as ExitRequested: take(event)
    case let event as ExitCalledOff: farmers[event.farmer]?.exit = nil
    case let event as SplitPaid: take(event)
    case let event as WalletClosed:
      farmers[event.farmer]?.hasLeft = true
      wallets[event.wallet]?.isClosed = true
    case let event as TransactionIntended: take(event)
    case let event as TransactionResolved: take(event)
    default: break
    }
  }

  private mutating func take(_ event: WalletMade) {
    wallets[event.wallet] = Wallet(key: event.wallet, kind: event.kind, owner: event.owner)
    if event.kind == .treasury { treasury = event.wallet }
  }

  private mutating func take(_ event: FarmerRegistered) {
    farmersByHandle[event.handle] = event.farmer
    farmers[event.farmer] = Farmer(
      id: event.farmer, handle: event.handle, passwordHash: event.passwordHash,
      wallet: event.wallet)
  }

  private mutating func take(_ event: PoolerRegistered) {
    poolers[event.pooler] = Pooler(
      id: event.pooler, name: event.name, payout: event.payout, bondWallet: event.bondWallet,
      shareBps: event.shareBps, farmersMax: event.farmersMax)
  }

  private mutating func take(_ event: PayoutChanged) {
    if event.effectiveAt == 0 {
      farmers[event.farmer]?.payout = event.payout
      farmers[event.farmer]?.nextPayout = nil
    } else {
      farmers[event.farmer]?.nextPayout = (event.payout, event.effectiveAt)
    }
  }

  private mutating func take(_ event: AgreementMade) {
    lastAgreement = max(lastAgreement, event.agreement)
    farmers[event.farmer]?.agreement = Agreement(
      id: event.agreement, pooler: event.pooler, shareBps: event.shareBps, payout: event.payout)
  }

  private mutating func take(_ event: PlantRequested) {
    let key = PoolerBlock(block: event.block, pooler: event.pooler)
    guard requests.insert(key).inserted else { return }
    poolers[event.pooler]?.blocksRequested += 1
    let wanted = ready(for: event.pooler, block: event.block)
    assert(wanted.count == event.farmers)
    for farmer in wanted {
      farmers[farmer]?.plantings[event.block] = Planting(pooler: event.pooler)
    }
    tallies[key] = BlockTally(wanted: wanted.count)
  }

  private mutating func take(_ event: PlantingResolved) {
    let key = PoolerBlock(block: event.block, pooler: event.pooler)
    guard event.planted else {
      farmers[event.farmer]?.plantings[event.block] = nil
      tallies[key]?.missed += 1
      return
    }
    farmers[event.farmer]?.plantings[event.block]?.phase = .planted
    farmers[event.farmer]?.plantings[event.block]?.stake = event.stake
    farmers[event.farmer]?.plantings[event.block]?.plantedIn = event.ledger
    poolers[event.pooler]?.plantingsPlanted += 1
    tallies[key]?.planted += 1
    tallies[key]?.stakeTotal += event.stake
  }

  private mutating func take(_ event: AssignmentMade) {
    farmers[event.farmer]?.plantings[event.block]?.assignment = Planting.Assignment(
      agent: event.agent, turn: event.turn, isDelivered: false)
    farmers[event.farmer]?.plantings[event.block]?.turns = event.turn + 1
  }

  private mutating func take(_ event: AssignmentDelivered) {
    guard var planting = farmers[event.farmer]?.plantings[event.block] else { return }
    planting.wasDelivered = true
    if planting.assignment?.turn == event.turn { planting.assignment?.isDelivered = true }
    farmers[event.farmer]?.plantings[event.block] = planting
  }

  private mutating func take(_ event: WorkResolved) {
    guard let planting = farmers[event.farmer]?.plantings[event.block] else { return }
    farmers[event.farmer]?.plantings[event.block]?.phase = .worked(
      zeros: event.zeros, gap: event.gap)
    poolers[planting.pooler]?.plantingsWorked += 1
    let key = PoolerBlock(block: event.block, pooler: planting.pooler)
    tallies[key]?.zeros.append(event.zeros)
    tallies[key]?.gaps.append(event.gap)
  }

  private mutating func take(_ event: StakeLost) {
    guard let planting = farmers[event.farmer]?.plantings[event.block] else { return }
    farmers[event.farmer]?.plantings[event.block] = nil
    poolers[event.pooler]?.plantingsLost += 1
    if planting.phase == .planted {
      let key = PoolerBlock(block: event.block, pooler: event.pooler)
      tallies[key]?.lost += 1
      tallies[key]?.stakeLost += event.stake
    }
    switch event.payer {
    case .farmer: break
    case .pooler: farmers[event.farmer]?.agreement?.loss += event.stake
    case .treasury:
      farmers[event.farmer]?.owedPrincipal += event.stake
      farmers[event.farmer]?.owedReward += event.reward
    }
  }

  private mutating func take(_ event: ExitRequested) {
    lastExit = max(lastExit, event.exit)
    farmers[event.farmer]?.exit = Exit(
      id: event.exit, agreement: event.agreement, requestedInBlock: event.block)
  }

  private mutating func take(_ event: SplitPaid) {
    farmers[event.farmer]?.exit?.split = event
    poolers[event.pooler]?.debt += event.debt
    poolers[event.pooler]?.debt -= event.held
  }

  private mutating func take(_ event: TransactionIntended) {
    pending[event.transaction] = event
    if event.kind == .plant, let farmer = event.farmer, let block = event.block {
      farmers[farmer]?.plantings[block]?.plantAttempts += 1
    }
  }

  private mutating func take(_ event: TransactionResolved) {
    guard let intent = pending.removeValue(forKey: event.transaction),
      let farmer = intent.farmer
    else { return }
    if event.result == .succeeded, intent.kind == .untrust {
      farmers[farmer]?.exit?.trustlineIsGone = true
    }
    if event.shortOfXlm, intent.kind == .work, let block = intent.block {
      farmers[farmer]?.plantings[block]?.workFailedForXLM = true
    }
  }
}
