import Bytes
import KaleRules
import Pool

/// The network makes ledgers.
extension Simulation {
  func closeLedger() {
    let seconds = lasts(.ledgerSlow) ? dice.int(6...60) : dice.chance(0.1) ? 6 : 5
    chain.sequence = chain.sequence + 1
    chain.closeTime = Self.start + (now + 999) / 1_000
    chain.feeFactor = lasts(.feeSpike) ? weather.feeFactor : 1
    chain.farm.storedPaused = lasts(.farmPaused)
    let before = chain.farmIndex
    // Who comes first within a ledger is nobody's choice.
    let outsidersFirst = dice.chance(0.5)
    if outsidersFirst { outsidersAct() }
    applyTransactions()
    if !outsidersFirst { outsidersAct() }
    strangersHarvest()
    if chain.farmIndex != before { blockOpened(after: before) }
    chain.remember()
    let seen = [0, 1].map { chain.snapshot(lag: nodeLag($0)).closeTime }.min() ?? chain.closeTime
    let slow = seconds > 6 ? seconds : 0
    auditor.node(isBehind: 1_000 * max(slow, chain.closeTime - seen), now: now)
    trace.mix(UInt64(chain.farmIndex.rawValue))
    auditLedger()
    timeline.add(.closeLedger, at: now + 1_000 * seconds)
  }

  private func applyTransactions() {
    let isFull = !chain.mempool.isEmpty && strikes(.ledgerFull, 0.01)
    for source in chain.mempool.keys.sorted() {
      guard var transaction = chain.mempool[source] else { continue }
      let waits =
        transaction.notBefore > chain.sequence || isFull && dice.chance(0.5)
      if waits {
        transaction.ledgersWaited += 1
        chain.mempool[source] = transaction.ledgersWaited < 8 ? transaction : nil
        continue
      }
      chain.mempool[source] = nil
      let wallets = Set(
        [source, transaction.payer, transaction.farmer] + involved(transaction.call)
      ).sorted()
      let before = wallets.map { (chain.kale($0), chain.xlm($0)) }
      guard let outcome = chain.execute(transaction, isBroken: strikes(.transactionFailed, 0.002))
      else { continue }
      if case .farm(.outsideFootprint) = outcome.failure { auditor.count(.outsideFootprint) }
      trace.mix(transaction.hash)
      trace.mix(outcome.returned ?? -1)
      let movements = zip(wallets, before).map { wallet, old in
        Movement(
          wallet: wallet, kale: chain.kale(wallet) - old.0, xlm: chain.xlm(wallet) - old.1)
      }
      auditor.included(transaction, outcome, movements, chain, now: now)
    }
  }

  /// Accounts besides the source that a call may move money of.
  private func involved(_ call: ChainCall) -> [Bytes32] {
    switch call {
    case .createAccounts(let wallets, _): wallets
    case .pay(let wallet, _): [wallet]
    case .transfer(let address, _): ChainModel.key(address).map { [$0] } ?? []
    case .settle: coordinator.durable.poolers.values.map(\.bondWallet).sorted()
    default: []
    }
  }

  /// Anybody may harvest for anybody.
  private func strangersHarvest() {
    guard dice.chance(0.002) else { return }
    let ours = chain.pails.filter {
      chain.accounts[$0.key.farmer] != nil && $0.key.block < chain.farmIndex
        && $0.value.value.zeros != nil && $0.value.until >= chain.sequence
    }.keys.sorted { ($0.block, $0.farmer) < ($1.block, $1.farmer) }
    guard let pail = dice.pick(ours), strikes(.strangerHarvests, 1) else { return }
    let hash = dice.key()
    let stake = Int64(chain.pail(pail.farmer, pail.block)?.stake ?? 0)
    if let reward = try? chain.harvest(pail.farmer, pail.block, hash) {
      auditor.harvestedByStranger(pail.farmer, reward + stake, hash)
    }
  }

  private func blockOpened(after block: BlockIndex) {
    auditor.blockClosed(block, chain, now: now)
    chain.evict()
    changeWeather()
    operate()
    let played = Int(chain.farmIndex.rawValue)
    if played >= settings.blocks, !isCalm { calmDown() }
  }

  // MARK: - The network as the pool's nodes tell it

  enum Answer {
    case pending, duplicate, tryAgain, badSequence, noFunds, tooLate
    /// No answer came; it may have arrived or not.
    case silence
    /// Nobody took it.
    case unavailable
  }

  func submit(_ transaction: ChainTransaction) -> Answer {
    if strikes(.sendNeverArrived, 0.01) { return dice.chance(0.5) ? .unavailable : .silence }
    if strikes(.sendTryAgain, 0.01) { return .tryAgain }
    let answer = take(transaction)
    if answer == .pending, strikes(.sentTwice, 0.01) { _ = take(transaction) }
    return strikes(.sendAnswerLost, 0.01) ? .silence : answer
  }

  private func take(_ transaction: ChainTransaction) -> Answer {
    if let waiting = chain.mempool[transaction.source] {
      return waiting.hash == transaction.hash ? .duplicate : .tryAgain
    }
    let node = chain.snapshot(lag: nodeLag(someNode()))
    guard let known = chain.sequence(of: transaction.source, at: node.ledger) else {
      return .noFunds
    }
    if known + 1 != transaction.sequence {
      auditor.count(.badSequence)
      return .badSequence
    }
    if chain.closeTime > transaction.maxTime { return .tooLate }
    if chain.available(transaction.payer) < transaction.fee { return .noFunds }
    // The queue forgets, or the way is long.
    if strikes(.transactionLost, 0.01) { return .pending }
    var travelling = transaction
    if strikes(.transactionLate, 0.05) {
      travelling.notBefore = chain.sequence + UInt32(dice.int(2...6))
    }
    chain.mempool[transaction.source] = travelling
    return .pending
  }
}
