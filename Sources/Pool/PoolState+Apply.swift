import Bytes
import KaleRules

extension PoolState {
  /// Takes an event in. Total: what it does not know of it ignores.
  package mutating func apply(_ event: any PoolEvent) {
    position += 1
    for posting in postings(for: event) {
      balances[posting.account, default: [:]][posting.asset, default: 0] += posting.amount
    }
    switch event {
    case let event as CoordinatorStarted:
      runningSince = event.ledgerCloseTime
      startedBy = position
      sessions = [:]
      depositsSince = depositsSince ?? event.ledger
    case let event as WalletMade: take(event)
    case let event as FarmerRegistered: take(event)
    case let event as PasswordChanged:
      farmers[event.farmer]?.passwordHash = event.passwordHash
    case let event as PoolerRegistered: take(event)
    case let event as EnrolmentIssued: enrolments[event.tokenKey] = event
    case let event as AgentEnrolled:
      let enrolment = enrolments.removeValue(forKey: event.tokenKey)
      agents[event.agent] = AgentRecord(
        key: event.agent, pooler: event.pooler, name: event.name,
        isApproved: enrolment?.needsApproval != true)
    case let event as AgentApproved: agents[event.agent]?.isApproved = true
    case let event as AgentRevoked: take(event)
    case let event as AgentKeyOffered: take(event)
    case let event as AgentKeyReplaced: take(event)
    case let event as CapacityReported:
      agents[event.agent]?.hashesPerSecond = event.hashesPerSecond
      agents[event.agent]?.threads = event.threads
      agents[event.agent]?.farmersMax = event.farmersMax
    case let event as SettingsChanged: farmers[event.farmer]?.settings = event
    case let event as PayoutChanged: take(event)
    case let event as WalletFunded: take(event)
    case let event as WalletReady: wallets[event.wallet]?.isReady = true
    case let event as AgreementMade: take(event)
    case let event as AgreementConfirmed:
      farmers[event.farmer]?.agreement?.isConfirmed = true
    case let event as PayoutConfirmed:
      farmers[event.farmer]?.agreement?.payout = event.payout
    case let event as DepositSeen:
      depositsSeen.insert(event.chainEvent)
      depositsSince = max(depositsSince ?? 0, event.ledger)
    case let event as BlockOpened: take(event)
    case let event as SessionOpened: sessions[event.agent, default: 0] += 1
    case let event as SessionClosed:
      let open = sessions[event.agent, default: 1] - 1
      sessions[event.agent] = open > 0 ? open : nil
    case let event as PoolerSuspended: poolers[event.pooler]?.isSuspended = true
    case let event as PoolerReinstated:
      poolers[event.pooler]?.isSuspended = false
      poolers[event.pooler]?.badBlocks = 0
    case let event as BondPaid: take(event)
    case let event as BondReleaseAllowed: poolers[event.pooler]?.releasable += event.amount
    case let event as BondReleased: poolers[event.pooler]?.releasable -= event.amount
    case let event as QueueJoined:
      farmers[event.farmer]?.waiting = Farmer.Waiting(
        pooler: event.pooler, shareBps: event.shareBps)
      poolers[event.pooler]?.queue.append(event.farmer)
    case let event as QueueLeft: leaveQueue(event.farmer)
    case let event as FarmerRejoined:
      farmers[event.farmer]?.wallet = event.wallet
      farmers[event.farmer]?.hasLeft = false
      farmers[event.farmer]?.exit = nil
      farmers[event.farmer]?.agreement = nil
      // The account of a contract's farmer was kept: it needs its trustline again.
      wallets[event.wallet]?.isClosed = false
      wallets[event.wallet]?.isReady = false
    case let event as PlantRequested: take(event)
    case let event as PlantingResolved: take(event)
    case let event as AssignmentMade: take(event)
    case let event as AssignmentDelivered: take(event)
    case let event as NonceAccepted: take(event)
    case let event as WorkResolved: take(event)
    case let event as StakeLost: take(event)
    case let event as Compensated:
      farmers[event.farmer]?.owedPrincipal -= event.principal
      farmers[event.farmer]?.owedReward -= event.reward
      farmers[event.farmer]?.agreement?.rewards += event.reward
    case let event as Harvested:
      farmers[event.farmer]?.plantings[event.block] = nil
      farmers[event.farmer]?.agreement?.rewards += event.reward
    case let event as BlockAnalysed: take(event)
    case let event as ExitRequested: take(event)
    case let event as ExitCalledOff: farmers[event.farmer]?.exit = nil
    case let event as SplitPaid: take(event)
    case let event as ExitUnsplit: take(event)
    case let event as WalletClosed:
      // A contract's farmer keeps the account, but not the trustline.
      let isKept = farmers[event.farmer]?.exit?.settled?.payoutIsContract == true
      let borne = wallets[event.wallet]?.sponsoredReserves ?? 0
      wallets[event.wallet]?.sponsoredReserves = isKept ? min(2, borne) : 0
      farmers[event.farmer]?.hasLeft = true
      wallets[event.wallet]?.isClosed = true
    case let event as TransactionIntended: take(event)
    case let event as TransactionResolved: take(event)
    default: break
    }
  }
}
