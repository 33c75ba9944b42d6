import KaleRules

/// Farmers, poolers, their agreements and their money.
extension PoolState {
  mutating func take(_ event: WalletMade) {
    wallets[event.wallet] = Wallet(key: event.wallet, kind: event.kind, owner: event.owner)
    if event.kind == .treasury { treasury = event.wallet }
  }

  mutating func take(_ event: WalletFunded) {
    wallets[event.wallet]?.isFunded = true
    if wallets[event.treasury]?.kind == .sponsor {
      wallets[event.wallet]?.sponsoredReserves = Wallet.reserves
    }
  }

  mutating func take(_ event: FarmerRegistered) {
    farmersByHandle[event.handle] = event.farmer
    farmers[event.farmer] = Farmer(
      id: event.farmer, handle: event.handle, passwordHash: event.passwordHash,
      wallet: event.wallet)
  }

  mutating func take(_ event: PoolerRegistered) {
    poolers[event.pooler] = Pooler(
      id: event.pooler, name: event.name, payout: event.payout, bondWallet: event.bondWallet,
      shareBps: event.shareBps, farmersMax: event.farmersMax)
  }

  mutating func take(_ event: PayoutChanged) {
    if event.effectiveAt == 0 {
      farmers[event.farmer]?.payout = event.payout
      farmers[event.farmer]?.nextPayout = nil
    } else {
      farmers[event.farmer]?.nextPayout = (event.payout, event.effectiveAt)
    }
  }

  mutating func take(_ event: AgreementMade) {
    lastAgreement = max(lastAgreement, event.agreement)
    leaveQueue(event.farmer)
    farmers[event.farmer]?.agreement = Agreement(
      id: event.agreement, pooler: event.pooler, shareBps: event.shareBps, payout: event.payout)
  }

  /// Takes a farmer out of the waiting list, where there is one.
  mutating func leaveQueue(_ farmer: FarmerID) {
    guard let waiting = farmers[farmer]?.waiting else { return }
    farmers[farmer]?.waiting = nil
    poolers[waiting.pooler]?.queue.removeAll { $0 == farmer }
  }

  // MARK: - Leaving

  mutating func take(_ event: ExitRequested) {
    lastExit = max(lastExit, event.exit)
    var exit = Exit(id: event.exit, requestedInBlock: event.block)
    exit.waitsForPayout = event.waitsForPayout
    if let pooler = event.nextPooler, let share = event.nextShareBps {
      exit.next = Farmer.Waiting(pooler: pooler, shareBps: share)
    }
    farmers[event.farmer]?.exit = exit
  }

  mutating func take(_ event: SplitPaid) {
    // What was held is in the bond wallet already. What debts do not need of it goes back.
    let before = Stroops(balance(.wallet(event.bondWallet), .kale)) - event.held
    let owed = max(0, (poolers[event.pooler]?.debt ?? 0) - before)
    poolers[event.pooler]?.releasable += event.held - min(event.held, owed)
    if event.debt > 0 {
      poolers[event.pooler]?.claims.append(
        Claim(
          exit: event.exit, farmer: event.farmer, payout: event.payout, amount: event.debt))
    }
    farmers[event.farmer]?.exit?.settled = .paid(event)
    guard let next = farmers[event.farmer]?.exit?.next else { return }
    // On to another pooler: into its waiting list, which gives the place if there is one.
    farmers[event.farmer]?.exit = nil
    farmers[event.farmer]?.agreement = nil
    farmers[event.farmer]?.waiting = next
    poolers[next.pooler]?.queue.append(event.farmer)
  }

  mutating func take(_ event: ExitUnsplit) {
    farmers[event.farmer]?.exit?.settled = .unsplit(payout: event.payout)
  }

  mutating func take(_ event: BondPaid) {
    if event.wallet != nil {
      farmers[event.farmer]?.agreement?.bondPaid += event.amount
      return
    }
    guard let index = poolers[event.pooler]?.claims.firstIndex(where: { $0.exit == event.exit })
    else { return }
    poolers[event.pooler]?.claims[index].amount -= event.amount
    if poolers[event.pooler]?.claims[index].amount == 0 {
      poolers[event.pooler]?.claims.remove(at: index)
    }
  }

  // MARK: - Transactions

  mutating func take(_ event: TransactionIntended) {
    pending[event.transaction] = event
    guard let farmer = event.farmer, let block = event.block else { return }
    switch event.kind {
    case .plant: farmers[farmer]?.plantings[block]?.plantAttempts += 1
    case .work: farmers[farmer]?.plantings[block]?.trail.workIntent = position
    default: break
    }
  }

  mutating func take(_ event: TransactionResolved) {
    guard let intent = pending.removeValue(forKey: event.transaction) else { return }
    if event.result == .succeeded { note(fee: event.fee, of: intent.kind) }
    guard let farmer = intent.farmer else { return }
    if event.result == .succeeded, intent.kind == .untrust {
      farmers[farmer]?.exit?.trustlineIsGone = true
    }
    if intent.kind == .work, let block = intent.block {
      farmers[farmer]?.plantings[block]?.trail.workOutcome = position
      if event.shortOfXlm {
        let sponsorCouldPay = sponsorSpare >= settings.feeReserve.rawValue
        farmers[farmer]?.plantings[block]?.workFailedForXLM = true
        farmers[farmer]?.plantings[block]?.sponsorCouldPay = sponsorCouldPay
      }
    }
  }

  /// The last fees weigh most; a single week's rent does not stay long.
  private mutating func note(fee: Stroops, of kind: TransactionKind) {
    guard let known = fees[kind] else {
      fees[kind] = fee.rawValue
      return
    }
    fees[kind] = known + (fee.rawValue - known) / 8
  }
}
