import Bytes
import KaleRules
import Pool

/// Ledgers, views and deposits. Source: `ChainService`, `ChainReader`, `Deposits`.
extension Simulation {
  private static let feeTypical: Int64 = 50_000

  func poll() {
    timeline.add(.poll(epoch: coordinator.epoch), at: now + 1_000)
    guard !dies(.crashIdle), !strikes(.readFailed, 0.003) else { return }
    let snapshot = chain.snapshot(lag: nodeLag(0))
    guard coordinator.tick.map({ $0.ledger < snapshot.ledger }) ?? true else { return }
    coordinator.tick = snapshot
    let epoch = coordinator.epoch
    for wallet in coordinator.lanes.keys.sorted() {
      advance(wallet)
      guard isOf(epoch) else { return }
    }
    if coordinator.isFollowing { coordinator.hasNewTick = true } else { follow(snapshot) }
  }

  private func follow(_ tick: ChainModel.Snapshot) {
    guard !strikes(.readFailed, 0.003) else { return }
    let node = chain.snapshot(lag: nodeLag(someNode()))
    let state = coordinator.run.state
    if let last = coordinator.run.chain, tick.ledger > last.ledger + 2 {
      auditor.node(isBehind: 1_000 * (tick.closeTime - last.closeTime), now: now)
    }
    let index = node.instance.index
    if let known = state.block?.block, index < known { return }
    var view = ChainView(
      ledger: tick.ledger, closeTime: tick.closeTime, farmIndex: index,
      openedAt: Int64(node.instance.farmBlock.timestamp), farmIsPaused: node.instance.isPaused)
    view.feeNow = Stroops(Self.feeTypical * chain.feeFactor)
    view.openBlock = node.block
    view.nextBlock = node.instance.farmBlock.opened(at: UInt64(tick.closeTime))
    readWallets(state, node, into: &view)
    coordinator.isFollowing = true
    var events: [any PoolEvent] = []
    if let block = node.block, state.block.map({ $0.block < index }) ?? true {
      events = [
        BlockOpened(
          index, block, openedAt: view.openedAt, liveUntil: chain.blocks[index]?.until ?? 0,
          before: index > 0 ? chain.blocks[BlockIndex(index.rawValue - 1)]?.value : nil)
      ]
    }
    record(events, then: .blockKnown(view))
  }

  private func readWallets(
    _ state: PoolState, _ node: ChainModel.Snapshot, into view: inout ChainView
  ) {
    for wallet in state.wallets.values where !wallet.isReady && !wallet.isClosed {
      guard let account = chain.accounts[wallet.key], account.createdIn <= node.ledger else {
        continue
      }
      view.funded.insert(wallet.key)
      if let since = account.trustsSince, since <= node.ledger { view.trusting.insert(wallet.key) }
    }
    for claim in state.poolers.values.flatMap(\.claims)
    where !chain.canReceive(claim.payout, claim.amount.rawValue) {
      view.payoutProblems[claim.farmer] = "cannot receive"
    }
    for pooler in state.poolers.values
    where pooler.releasable > 0 && !chain.canReceive(pooler.payout, 0) {
      view.poolersWithoutTrustline.insert(pooler.id)
    }
    for farmer in state.farmers.values where farmer.exit != nil && !farmer.hasLeft {
      view.payoutsChecked.insert(farmer.id)
      let most = max(0, state.balance(.wallet(farmer.wallet), .kale))
      if !chain.canReceive(farmer.payout(at: view.closeTime), most) {
        view.payoutProblems[farmer.id] = "cannot receive"
      }
      guard let pooler = farmer.agreement.flatMap({ state.poolers[$0.pooler] }) else { continue }
      if !chain.canReceive(pooler.payout, 0) { view.poolersWithoutTrustline.insert(pooler.id) }
    }
  }

  /// A ledger's decisions are recorded.
  func ledgerDone() {
    coordinator.isFollowing = false
    if let view = coordinator.run.view, view.farmIndex == chain.farmIndex {
      auditor.followedLedger()
    }
    sendFacts()
    watchAgents()
    findDeposits()
    if coordinator.hasNewTick, let tick = coordinator.tick {
      coordinator.hasNewTick = false
      follow(tick)
    }
  }

  private func findDeposits() {
    guard !strikes(.readFailed, 0.003) else { return }
    let state = coordinator.run.state
    guard let start = coordinator.depositsFrom ?? state.depositsSince else { return }
    let node = chain.snapshot(lag: nodeLag(someNode()))
    var found: [DepositSeen] = []
    var at = chain.transfers.count
    while at > 0, chain.transfers[at - 1].ledger >= start { at -= 1 }
    for transfer in chain.transfers[at...] where transfer.ledger <= node.ledger {
      guard !transfer.isMint, let wallet = state.wallets[transfer.to], !wallet.isClosed,
        transfer.from.map({ state.wallets[$0] == nil }) ?? true,
        !state.depositsSeen.contains(transfer.id)
      else { continue }
      found.append(
        DepositSeen(
          wallet: transfer.to, asset: transfer.isKale ? .kale : .xlm,
          amount: Stroops(transfer.amount), sender: "outside", chainEvent: transfer.id,
          ledger: transfer.ledger))
    }
    coordinator.depositsFrom = max(start, node.ledger)
    if !found.isEmpty { record(found, then: .pump) }
  }
}
