import Bytes
import Devnet
import KaleRules
import Pool
import Sodium
import StellarClient
import StellarXDR

/// From a decision to its outcome: a signed transaction, some ledgers on its way, and what the ledger
/// says of it. As the coordinator's sender does it, against a network that loses nothing.
extension StrategyRun {
  private static let inclusionFee: Int64 = 10_000
  /// Seconds in which a plant or work may be included, and anything else.
  private static let urgentSeconds: Int64 = 30
  private static let usualSeconds: Int64 = 60

  mutating func send(_ submission: Submission) throws {
    guard let pair = pairs[submission.wallet], let account = ledger.account(submission.wallet),
      let transaction = try transaction(for: submission, sequence: account.sequence + 1)
    else { return run.postponed(submission, ledgers: 1) }
    let frame = frame(transaction, pair)
    let now = ledger.latest.sequence
    record([
      TransactionIntended(
        submission, transaction: frame.hash, sequence: account.sequence + 1,
        maxTime: maxTime(of: submission), madeAfter: LedgerSequence(now), envelope: [])
    ])
    let what = "\(submission.kind.rawValue) \(submission.farmer ?? 0) \(submission.block ?? 0)"
    attempts[what, default: 0] += 1
    let delay = luck.delay(
      submission.kind.rawValue, farmer: submission.farmer ?? 0, block: submission.block ?? 0,
      attempt: attempts[what] ?? 0)
    underWay[submission.wallet] = Sent(
      submission: submission, frame: frame, maxTime: maxTime(of: submission),
      arrivesAfter: now + delay, sentAfter: now)
  }

  private func maxTime(of submission: Submission) -> Int64 {
    let isUrgent = [.plant, .work].contains(submission.kind)
    return Int64(ledger.latest.closeTime) + (isUrgent ? Self.urgentSeconds : Self.usualSeconds)
  }

  func frame(_ transaction: Transaction, _ signer: Ed25519KeyPair) -> TransactionFrame {
    let networkID = ledger.network.networkID
    return TransactionFrame(
      transaction.signed(by: [signer], networkID: networkID), networkID: networkID)
  }

  /// Nil: not now.
  private func transaction(
    for submission: Submission, sequence: Int64
  ) throws -> Transaction? {
    guard let view = run.chain, let block = submission.block else { return nil }
    var operation: Operation
    var known: PreparedCall?
    switch submission.kind {
    case .plant:
      operation = calls.plant(submission.wallet, stake: submission.amount)
      // A simulation would not know yet that the block is over.
      let opens = block > view.farmIndex
      if opens, view.closeTime < view.openedAt + run.state.settings.blockSeconds {
        known = prepared.plant(
          submission.wallet, stake: submission.amount, opening: block, limits: NetworkLimits())
        guard known != nil else { return nil }
      }
    case .work:
      guard let nonce = submission.nonce else { return nil }
      operation = calls.work(submission.wallet, hash: nonce.hash, nonce: nonce.value)
    case .harvest: operation = calls.harvest(submission.wallet, block)
    default: throw StrategyError("nobody leaves or joins here: \(submission.kind)")
    }
    var transaction = Transaction(
      source: .account(submission.wallet), fee: 0, sequence: sequence,
      preconditions: .time(TimeBounds(max: UInt64(maxTime(of: submission)))),
      operations: [operation])
    if known == nil {
      guard case .success(let success) = ledger.simulate(transaction).outcome else { return nil }
      known = PreparedCall(data: success.data, auth: success.auth)
    }
    guard let known, case .invokeHostFunction(let function, _) = operation.body else { return nil }
    operation.body = .invokeHostFunction(function, auth: known.auth)
    transaction.operations = [operation]
    transaction.sorobanData = known.data
    transaction.fee = UInt32(Self.inclusionFee + known.data.resourceFee)
    prepared.learn(from: transaction)
    return transaction
  }

  // MARK: - On its way

  mutating func arrive(_ wallet: Bytes32) {
    guard let sent = underWay[wallet], !sent.hasArrived,
      sent.arrivesAfter <= ledger.latest.sequence
    else { return }
    underWay[wallet]?.hasArrived = true
    _ = ledger.submit(sent.frame)
  }

  mutating func settle(_ wallet: Bytes32) throws {
    guard let sent = underWay[wallet] else { return }
    let latest = ledger.latest
    if let (closed, found) = ledger.history.transaction(sent.frame.hash) {
      landing.note(
        sent: LedgerSequence(sent.sentAfter), included: LedgerSequence(closed.sequence))
      return try conclude(sent, found, in: LedgerSequence(closed.sequence))
    }
    guard Int64(latest.closeTime) > sent.maxTime else { return }
    landing.note(sent: LedgerSequence(sent.sentAfter), included: nil)
    finish(sent, [resolved(sent, .neverIncluded, fee: 0, in: 0)])
  }

  private mutating func conclude(
    _ sent: Sent, _ found: ClosedTransaction, in sequence: LedgerSequence
  ) throws {
    let fee = Stroops(try TransactionResult(xdr: found.result).feeCharged)
    guard found.isSuccess else {
      return finish(sent, [resolved(sent, .failed, fee: fee, in: sequence)])
    }
    var result = ChainResult(transaction: sent.frame.hash, ledger: sequence, fee: fee)
    let value = try TransactionMeta(xdr: found.meta).returnValue
    switch sent.submission.kind {
    case .work: result.returned = value?.asU32.map { Int64($0) }
    case .harvest: result.returned = value?.asI128.flatMap { Int64(exactly: $0) }
    default: break
    }
    finish(sent, run.consequences(of: sent.submission, result))
  }

  private func resolved(
    _ sent: Sent, _ result: TransactionFate, fee: Stroops, in ledger: LedgerSequence
  ) -> TransactionResolved {
    TransactionResolved(
      transaction: sent.frame.hash, wallet: sent.submission.wallet, result: result,
      ledger: ledger, fee: fee, detail: "")
  }

  private mutating func finish(_ sent: Sent, _ facts: [any PoolEvent]) {
    underWay[sent.submission.wallet] = nil
    record(facts)
    run.finished(sent.submission, facts)
  }
}
