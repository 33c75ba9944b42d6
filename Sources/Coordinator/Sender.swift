import Bytes
import KaleRules
import Logging
import Pool
import StellarClient
import StellarXDR
import Store

/// Sees submissions through: makes the transaction, has it put on chain exactly once, and records
/// what came of it.
struct Sender: Sendable {
  let settings: CoordinatorSettings
  let engine: PoolEngine
  let reader: KaleReader
  let strangers: StrangersHarvest
  let follower: LedgerFollower
  let submitter: Submitter
  let log: Logger

  /// Seconds of ledger time in which a plant or work may be included: six ledgers. Later it would
  /// be of little use, and until then nothing new is made for the wallet.
  static let urgentSecondsMax: UInt64 = 30
  /// Ledgers after which a refused transaction is tried again.
  static let retryLedgers: UInt32 = 2

  init(
    settings: CoordinatorSettings, engine: PoolEngine, keeper: WalletKeeper, rpc: RPCClient,
    reader: KaleReader, history: History, log: Logger
  ) {
    self.settings = settings
    self.engine = engine
    self.reader = reader
    strangers = StrangersHarvest(rpc: rpc, network: settings.network, history: history)
    self.log = log
    var pace = LedgerFollower.Settings()
    pace.interval = .milliseconds(settings.pollMilliseconds)
    follower = LedgerFollower(rpc, settings: pace, logger: log)
    var fees = SubmitterSettings()
    fees.inclusionFee = settings.inclusionFee
    fees.feeMax = settings.feeMax
    submitter = Submitter(
      network: settings.network, rpc: rpc, follower: follower,
      signer: PoolSigner(
        engine: engine, keeper: keeper, network: settings.network, feeMax: settings.feeMax),
      journal: PoolJournal(engine: engine), settings: fees, logger: log)
  }

  /// From a decision to what came of it.
  func send(_ submission: Submission) async throws {
    do {
      let operation = try Drafts(network: settings.network)
        .operation(for: submission, in: await engine.state)
      var draft = TransactionDraft(
        source: submission.wallet, operation, purpose: submission.kind.rawValue)
      if [.plant, .work, .openBlock].contains(submission.kind) {
        draft.secondsMax = Self.urgentSecondsMax
      }
      try await record(submission, try await submitter.submit(draft))
    } catch let error as SubmitError {
      try await failed(submission, error)
    } catch let error as CoordinatorError {
      // A decision that cannot be a transaction: again later, when its reason may be gone.
      log.error("not sent", metadata: metadata(submission, "\(error)"))
      await engine.postponed(submission, ledgers: Self.retryLedgers)
    }
  }

  /// After a restart: finds out what became of an intent of an earlier run.
  func resolve(_ intent: TransactionIntended) async throws {
    let submission = Submission(intent)
    do {
      let outcome = try await submitter.resolve(
        TransactionIntent(
          hash: intent.transaction, source: intent.wallet, sequence: intent.sequence,
          maxTime: UInt64(intent.maxTime), madeAfter: intent.madeAfter,
          envelope: Base64.encode(intent.envelope), purpose: intent.kind.rawValue))
      try await record(submission, outcome, hash: intent.transaction)
    } catch let error as SubmitError {
      log.error(
        "an earlier transaction is not resolved", metadata: metadata(submission, "\(error)"))
    }
  }

  // MARK: - What came of it

  private func record(
    _ submission: Submission, _ outcome: TransactionOutcome, hash: Bytes32? = nil
  ) async throws {
    switch outcome {
    case .succeeded(let inclusion):
      try await engine.succeeded(submission, try await result(of: submission, inclusion))
    case .failed(let inclusion, let reason):
      log.warning("a transaction failed", metadata: metadata(submission, "\(reason)"))
      try await engine.finished(
        submission,
        [
          TransactionResolved(
            transaction: inclusion.hash, wallet: submission.wallet, result: .failed,
            ledger: inclusion.ledger, fee: Stroops(inclusion.feeCharged), detail: "\(reason)")
        ])
    case .neverIncluded(let reason):
      log.warning("a transaction was not included", metadata: metadata(submission, "\(reason)"))
      let pending = await engine.state.pending.values.first { $0.wallet == submission.wallet }
      guard let transaction = hash ?? pending?.transaction else { return }
      try await engine.finished(
        submission,
        [
          TransactionResolved(
            transaction: transaction, wallet: submission.wallet, result: .neverIncluded, ledger: 0,
            fee: 0, shortOfXlm: reason == .refused(.insufficientBalance), detail: "\(reason)")
        ])
    }
  }

  private func result(
    of submission: Submission, _ inclusion: TransactionOutcome.Inclusion
  ) async throws -> ChainResult {
    var result = ChainResult(
      transaction: inclusion.hash, ledger: inclusion.ledger, fee: Stroops(inclusion.feeCharged))
    switch submission.kind {
    case .work: result.returned = inclusion.returnValue?.asU32.map { Int64($0) }
    case .harvest: result.returned = inclusion.returnValue?.asI128.flatMap { Int64(exactly: $0) }
    default: return result
    }
    if result.returned == nil {
      // The books wait rather than guess; the same transaction is looked up again at the next start.
      throw CoordinatorError(
        "transaction \(inclusion.hash) succeeded and its result cannot be read:"
          + " \(inclusion.metaProblem ?? "no return value")")
    }
    return result
  }

  // MARK: - What was not sent

  private func failed(_ submission: Submission, _ error: SubmitError) async throws {
    switch error.code {
    case .wouldFail(let failure):
      do {
        if let events = try await settled(submission, failure) {
          try await engine.finished(submission, events)
          return
        }
      } catch let error as StellarClient.RPCError {
        log.warning("the chain could not be read", metadata: metadata(submission, "\(error)"))
      }
      log.warning("a call would fail", metadata: metadata(submission, "\(failure)"))
      await engine.postponed(submission, ledgers: Self.retryLedgers)
    case .outcomeUnknown:
      // The wallet stays taken: the intent is resolved at the next start.
      log.error("outcome unknown", metadata: metadata(submission, "\(error)"))
    case .networkUnavailable where Task.isCancelled:
      return
    default:
      log.warning("not sent", metadata: metadata(submission, "\(error)"))
      await engine.postponed(submission, ledgers: Self.retryLedgers)
    }
  }

  /// Whether the chain says that it has been done already, or can never be done; nil: neither.
  private func settled(
    _ submission: Submission, _ failure: CallFailure
  ) async throws -> [any PoolEvent]? {
    guard case .kale(let error) = failure.cause, let id = submission.farmer,
      let block = submission.block, let farmer = await engine.state.farmers[id],
      let planting = farmer.plantings[block]
    else { return nil }
    switch (submission.kind, error) {
    case (.plant, .pailExists):
      guard let pail = try await pail(farmer.wallet, block) else { return nil }
      return [
        PlantingResolved(
          farmer: id, block: block, pooler: planting.pooler, planted: true,
          stake: Stroops(Int64(pail.stake)), ledger: pail.sequence, transaction: nil, reason: nil)
      ]
    case (.work, .zeroCountTooLow):
      guard let pail = try await pail(farmer.wallet, block), let gap = pail.gap,
        let zeros = pail.zeros, let nonce = submission.nonce
      else { return nil }
      return [
        WorkResolved(
          farmer: id, block: block, nonce: nonce.value, hash: nonce.hash, zeros: Int(zeros),
          gap: Int64(gap), ledger: pail.sequence + gap, transaction: nil)
      ]
    case (.harvest, .pailMissing):
      return try await strangers.find(planting, of: farmer, block).map { [$0] }
    case (.harvest, .blockMissing):
      return [
        await engine.state.lost(planting, of: farmer, block, harvestMissed: true)
      ]
    default: return nil
    }
  }

  private func pail(_ wallet: Bytes32, _ block: BlockIndex) async throws -> Pail? {
    let id = PailID(wallet, block)
    return try? await reader.pails([id])[id]?.value
  }

  private func metadata(_ submission: Submission, _ text: String) -> Logger.Metadata {
    var metadata: Logger.Metadata = ["kind": "\(submission.kind.rawValue)", "why": "\(text)"]
    if let farmer = submission.farmer { metadata["farmer"] = "\(farmer)" }
    if let block = submission.block { metadata["block"] = "\(block)" }
    return metadata
  }
}

/// Signs for the pool's wallets under the rules that hold at the moment.
private struct PoolSigner: TransactionSigner {
  let engine: PoolEngine
  let keeper: WalletKeeper
  let network: KaleNetwork
  let feeMax: Int64

  func sign(
    transaction: Transaction, hash: Bytes32, account: AccountID
  ) async throws -> DecoratedSignature {
    guard let policy = await engine.policy(for: account, network: network, feeMax: feeMax) else {
      throw CoordinatorError("\(StrKey.account(account)) is no wallet of the pool's")
    }
    return try keeper.sign(transaction, wallet: account, policy: policy)
  }
}

/// Keeps intents in the pool's journal.
private struct PoolJournal: IntentJournal {
  let engine: PoolEngine

  func store(_ intent: TransactionIntent) async throws {
    guard let envelope = Base64.decode(intent.envelope) else {
      throw CoordinatorError("an envelope that is not base64")
    }
    try await engine.intend(
      transaction: intent.hash, wallet: intent.source, sequence: intent.sequence,
      maxTime: Int64(intent.maxTime), madeAfter: intent.madeAfter, envelope: envelope)
  }
}
