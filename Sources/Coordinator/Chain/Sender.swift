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
  let rpc: RPCClient
  let reader: KaleReader
  let strangers: StrangersHarvest
  let follower: LedgerFollower
  let submitter: Submitter
  let prepared: PreparedCalls
  let book: NetworkBook
  let log: Logger

  /// Seconds of ledger time in which a plant or work may be included: six ledgers. Later it would
  /// be of little use, and until then nothing new is made for the wallet.
  static let urgentSecondsMax: UInt64 = 30
  /// Ledgers after which a refused transaction is tried again.
  static let retryLedgers: UInt32 = 2

  init(
    settings: CoordinatorSettings, engine: PoolEngine, keeper: WalletKeeper?, rpc: RPCClient,
    reader: KaleReader, history: History, book: NetworkBook, log: Logger
  ) {
    self.settings = settings
    self.engine = engine
    self.rpc = rpc
    self.reader = reader
    self.book = book
    self.log = log
    strangers = StrangersHarvest(reader: reader, history: history)
    let prepared = PreparedCalls(settings.network)
    self.prepared = prepared
    var pace = LedgerFollower.Settings()
    pace.interval = .milliseconds(settings.pollMilliseconds)
    follower = LedgerFollower(rpc, network: settings.network, settings: pace, logger: log)
    follower.expect(ledgerSeconds: UInt64(settings.pool.ledgerSeconds))
    var fees = SubmitterSettings()
    fees.inclusionFee = settings.inclusionFee
    fees.inclusionFeeMax = settings.inclusionFeeMax
    fees.feeMax = settings.feeMax
    submitter = Submitter(
      network: settings.network, rpc: rpc, follower: follower,
      signer: PoolSigner(
        engine: engine, keeper: keeper, network: settings.network, feeMax: settings.feeMax),
      journal: PoolJournal(engine: engine), settings: fees,
      onSimulated: { call in
        prepared.learn(from: call)
        book.note(dearest: prepared.dearest)
      }, logger: log)
  }

  /// From a decision to what came of it.
  func send(_ submission: Submission) async throws {
    switch submission.kind {
    case .plant, .work, .openBlock:
      _ = try await book.farmWrites.pass { try await sendNow(submission) }
    default: try await sendNow(submission)
    }
  }

  private func sendNow(_ submission: Submission) async throws {
    do {
      guard let draft = try await draft(submission) else {
        await engine.postponed(submission, ledgers: 1)
        return
      }
      try await record(submission, try await submitter.submit(draft))
    } catch let error as SubmitError {
      try await failed(submission, error)
    } catch let error as UnreadableResult {
      // It is on chain: what it gave has to be found out before anything else is sent.
      log.error("a result cannot be read", metadata: metadata(submission, "\(error)"))
      let pending = await engine.state.pending.values.first { $0.wallet == submission.wallet }
      if let pending { try await resolve(submission, TransactionIntent(pending)) }
    } catch let error as CoordinatorError {
      // A decision that cannot be a transaction: again later, when its reason may be gone.
      log.error("not sent", metadata: metadata(submission, "\(error)"))
      await engine.postponed(submission, ledgers: Self.retryLedgers)
    } catch  where !Task.isCancelled {
      // Nothing was sent, or all of it is recorded: what is wrong may be mended, such as a setting. A
      // journal that takes no more ends the coordinator by itself.
      log.error("not done", metadata: metadata(submission, "\(error)"))
      await engine.postponed(submission, ledgers: Self.retryLedgers)
    }
  }

  /// What is to be sent; nil: a ledger later.
  private func draft(_ submission: Submission) async throws -> TransactionDraft? {
    let (state, view) = await engine.read { state, view in (state, view) }
    let drafts = Drafts(network: settings.network)
    var draft = TransactionDraft(
      source: submission.wallet, operations: try drafts.operations(for: submission, in: state),
      purpose: submission.kind.rawValue)
    draft.feeSource = submission.payer
    draft.coSigners = try drafts.coSigners(for: submission, in: state)
    if [.work, .harvest, .settle].contains(submission.kind) { draft.sponsor = state.sponsor }
    switch submission.kind {
    case .plant, .openBlock:
      guard let view, let block = submission.block else { return draft }
      // It waited for its turn, and the block it was meant for is over or not yet to be had.
      guard view.plantable(settings.pool) == block else { return nil }
      draft.mustWrite = reader.keys.pail(submission.wallet, block)
      if block == view.farmIndex.next, view.closeTime < view.openedAt + settings.pool.blockSeconds {
        // Simulations run at the last ledger's time: to them the block is not open yet.
        guard !book.isDoubted(submission) else { return nil }
        draft.prepared = prepared.plant(
          submission.wallet, stake: submission.amount, opening: block, limits: book.limits)
        guard draft.prepared != nil else { return nil }
      } else if block == view.farmIndex, !book.isDoubted(submission) {
        draft.prepared = prepared.plant(submission.wallet, stake: submission.amount, in: block)
      }
    case .work:
      guard let farmer = submission.farmer.flatMap({ state.farmers[$0] }),
        let block = submission.block
      else { break }
      draft.mustWrite = reader.keys.pail(farmer.wallet, block)
      if !book.isDoubted(submission) {
        draft.prepared = prepared.work(farmer.wallet, in: block)
      }
    default: return draft
    }
    draft.isUrgent = true
    draft.secondsMax = Self.urgentSecondsMax
    return draft
  }

  /// After a restart, or when it was lost sight of: finds out what became of an intent, however
  /// long that takes. Until then nothing else is sent from its wallet.
  func resolve(_ intent: TransactionIntended) async throws {
    try await resolve(Submission(intent), TransactionIntent(intent))
  }

  func resolve(_ submission: Submission, _ intent: TransactionIntent) async throws {
    var attempts = 0
    var inclusion: TransactionOutcome.Inclusion?
    while !Task.isCancelled {
      attempts += 1
      do {
        let outcome = try await submitter.resolve(intent)
        try await record(submission, outcome, hash: intent.hash)
        return
      } catch let error as SubmitError {
        log.error(
          "a transaction is not resolved yet", metadata: metadata(submission, "\(error)"))
      } catch let error as UnreadableResult {
        log.error("a result cannot be read yet", metadata: metadata(submission, "\(error)"))
        inclusion = error.inclusion
      }
      if attempts >= Self.evidenceAttempts,
        try await resolveByEvidence(submission, intent, inclusion)
      {
        return
      }
      await follower.wait(after: follower.latest?.sequence ?? 0)
    }
  }

  /// So often a node may fail to tell before the ledger's entries are asked instead.
  private static let evidenceAttempts = 5

  func metadata(_ submission: Submission, _ text: String) -> Logger.Metadata {
    var metadata: Logger.Metadata = ["kind": "\(submission.kind.rawValue)", "why": "\(text)"]
    if let farmer = submission.farmer { metadata["farmer"] = "\(farmer)" }
    if let block = submission.block { metadata["block"] = "\(block)" }
    return metadata
  }
}

extension TransactionIntent {
  /// As the journal has it.
  fileprivate init(_ intended: TransactionIntended) {
    self.init(
      hash: intended.transaction, source: intended.wallet, sequence: intended.sequence,
      maxTime: UInt64(intended.maxTime), madeAfter: intended.madeAfter,
      envelope: Base64.encode(intended.envelope), purpose: intended.kind.rawValue)
  }
}

/// A transaction succeeded, and what it gave cannot be read: the books wait rather than guess.
struct UnreadableResult: Error, CustomStringConvertible {
  let inclusion: TransactionOutcome.Inclusion
  let description: String
}
