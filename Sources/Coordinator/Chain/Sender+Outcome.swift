import Bytes
import KaleRules
import Logging
import Pool
import StellarClient
import StellarXDR

/// What came of a transaction.
extension Sender {
  func record(
    _ submission: Submission, _ outcome: TransactionOutcome, hash: Bytes32? = nil
  ) async throws {
    switch outcome {
    case .succeeded(let inclusion):
      try await engine.succeeded(submission, try await result(of: submission, inclusion))
    case .failed(let inclusion, let reason):
      log.warning("a transaction failed", metadata: metadata(submission, "\(reason)"))
      book.doubt(submission)
      try await engine.finished(
        submission,
        [
          TransactionResolved(
            transaction: inclusion.hash, wallet: inclusion.feePaidBy, result: .failed,
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
      transaction: inclusion.hash, ledger: inclusion.ledger, fee: Stroops(inclusion.feeCharged),
      payer: inclusion.feePaidBy)
    switch submission.kind {
    case .work: result.returned = inclusion.returnValue?.asU32.map { Int64($0) }
    case .harvest: result.returned = inclusion.returnValue?.asI128.flatMap { Int64(exactly: $0) }
    default: return result
    }
    if result.returned == nil {
      throw UnreadableResult(
        inclusion: inclusion,
        description: "transaction \(inclusion.hash) succeeded:"
          + " \(inclusion.metaProblem ?? "no return value")")
    }
    return result
  }

  // MARK: - What was not sent

  func failed(_ submission: Submission, _ error: SubmitError) async throws {
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
    case .outcomeUnknown(let intent):
      guard !Task.isCancelled else { return }
      log.error("outcome unknown", metadata: metadata(submission, "\(error)"))
      try await resolve(submission, intent)
    case .networkUnavailable where Task.isCancelled:
      return
    default:
      log.warning("not sent", metadata: metadata(submission, "\(error)"))
      let isUrgent = [.plant, .work, .openBlock].contains(submission.kind)
      await engine.postponed(submission, ledgers: isUrgent ? 1 : Self.retryLedgers)
    }
  }

  // MARK: - What the ledger's entries say

  /// Whether the chain says that it has been done already, or can never be done; nil: neither.
  private func settled(
    _ submission: Submission, _ failure: CallFailure
  ) async throws -> [any PoolEvent]? {
    guard case .kale(let error) = failure.cause else { return nil }
    return try await evidence(submission, error)
  }

  /// The facts behind a refusal of the farm's.
  private func evidence(
    _ submission: Submission, _ error: KaleError
  ) async throws -> [any PoolEvent]? {
    guard let id = submission.farmer, let block = submission.block,
      let farmer = await engine.state.farmers[id], let planting = farmer.plantings[block]
    else { return nil }
    switch (submission.kind, error) {
    case (.plant, .pailExists):
      guard let pail = try await pail(farmer.wallet, block), let stake = Int64(exactly: pail.stake)
      else { return nil }
      return [
        PlantingResolved(
          farmer: id, block: block, pooler: planting.pooler, planted: true,
          stake: Stroops(stake), ledger: pail.sequence, transaction: nil, reason: nil)
      ]
    case (.work, .zeroCountTooLow):
      guard planting.phase == .planted, let pail = try await pail(farmer.wallet, block),
        let gap = pail.gap,
        let zeros = pail.zeros, let nonce = submission.nonce
      else { return nil }
      return [
        WorkResolved(
          farmer: id, block: block, nonce: nonce.value, hash: nonce.hash, zeros: Int(zeros),
          gap: Int64(gap), ledger: pail.sequence + gap, transaction: nil)
      ]
    case (.harvest, .pailMissing):
      guard let view = await engine.view else { return nil }
      return try await strangers.find(block, of: farmer, view).map { [$0] }
    case (.harvest, .blockMissing):
      // A node that lags has not seen the block yet.
      let (state, view) = await (engine.state, engine.view)
      guard state.hasExpired(block, of: farmer, view) else { return nil }
      return [state.lost(planting, of: farmer, block, harvestMissed: true)]
    default: return nil
    }
  }

  private func pail(_ wallet: Bytes32, _ block: BlockIndex) async throws -> Pail? {
    let id = PailID(wallet, block)
    return try await reader.pails([id])[id]?.value
  }

  /// No node tells what became of a transaction, whose sequence number is used, or what it gave: the
  /// entries that it would have changed do. What it cost is known where its `inclusion` is, and
  /// otherwise booked by nobody and stays a difference.
  func resolveByEvidence(
    _ submission: Submission, _ intent: TransactionIntent,
    _ inclusion: TransactionOutcome.Inclusion?
  ) async throws -> Bool {
    let effect: KaleError? =
      switch submission.kind {
      case .plant: .pailExists
      case .work: .zeroCountTooLow
      case .harvest: .pailMissing
      default: nil
      }
    guard let effect, let events = try? await evidence(submission, effect) else { return false }
    submitter.giveUp(intent)
    try await engine.finished(
      submission,
      [
        TransactionResolved(
          transaction: intent.hash,
          wallet: inclusion?.feePaidBy ?? submission.payer ?? submission.wallet,
          result: .succeeded, ledger: inclusion?.ledger ?? 0,
          fee: Stroops(inclusion?.feeCharged ?? 0), detail: "told by the ledger's entries")
      ] + events)
    return true
  }
}
