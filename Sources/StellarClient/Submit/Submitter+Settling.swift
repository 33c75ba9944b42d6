import Bytes
import KaleRules
import Logging
import StellarXDR

/// From a stored intent to its outcome. The loop's turns are ledgers: send if that is due, wait for
/// a ledger to close, look the transaction up.
extension Submitter {
  /// What is known of the bytes while they are out.
  private struct Course {
    /// Whether some node may have them in a queue: then only the ledger can say how it ends.
    var mayBeQueued: Bool
    var isSendDue: Bool
    /// The last ledger that an answer knew.
    var ledger: LedgerSequence
    var sentAt: LedgerSequence
  }

  /// Sends the bytes and waits for their end.
  func send(_ intent: TransactionIntent) async throws(SubmitError) -> TransactionOutcome {
    try await settle(
      intent,
      Course(
        mayBeQueued: false, isSendDue: true, ledger: intent.madeAfter, sentAt: intent.madeAfter))
  }

  /// Only waits for their end.
  func lookUp(_ intent: TransactionIntent) async throws(SubmitError) -> TransactionOutcome {
    if let outcome = try await check(intent).outcome { return outcome }
    return try await settle(
      intent,
      Course(
        mayBeQueued: true, isSendDue: false, ledger: intent.madeAfter, sentAt: LedgerSequence(.max)
      ))
  }

  private func settle(
    _ intent: TransactionIntent, _ start: Course
  ) async throws(SubmitError) -> TransactionOutcome {
    var course = start
    while true {
      if course.isSendDue, let outcome = try await send(intent, &course) { return outcome }
      await follower.wait(after: course.ledger)
      let (outcome, ledger) = try await check(intent)
      if let outcome { return outcome }
      course.ledger = max(course.ledger, ledger ?? follower.latest?.sequence ?? course.ledger)
      if course.sentAt != LedgerSequence(.max),
        course.ledger >= course.sentAt + settings.resendAfterLedgers
      {
        course.isSendDue = true
      }
    }
  }

  /// Sends once. An outcome only where the refusal is final.
  private func send(
    _ intent: TransactionIntent, _ course: inout Course
  ) async throws(SubmitError) -> TransactionOutcome? {
    do throws(RPCError) {
      let answer = try await rpc.sendTransaction(intent.envelope)
      course.ledger = max(course.ledger, answer.latestLedger)
      course.sentAt = course.ledger
      follower.note(LedgerTick(sequence: answer.latestLedger, closeTime: answer.latestCloseTime))
      switch answer.status {
      case .pending, .duplicate:
        course.mayBeQueued = true
        course.isSendDue = false
      case .tryAgainLater: break
      case .refused(let result):
        course.isSendDue = false
        logger.info(
          "transaction refused",
          metadata: ["hash": "\(intent.hash)", "code": "\(result?.innerCode.rawValue ?? 0)"])
        guard !course.mayBeQueued, let result else { return nil }
        return try await refusal(intent, result, &course)
      }
    } catch {
      if error.code == .cancelled { throw unknown(intent, "cancelled while it was out") }
      logger.warning("sending failed", metadata: ["hash": "\(intent.hash)", "error": "\(error)"])
      switch error.code {
      case .unavailable, .busy: break
      case .outcomeUnknown, .badAnswer, .cancelled: course.mayBeQueued = true
      case .refused:
        // The node cannot even read it, which no queue would have.
        if !course.mayBeQueued { return .neverIncluded(.refused(.malformed)) }
        course.isSendDue = false
      }
    }
    return nil
  }

  /// What a refusal means while no queue has the bytes.
  private func refusal(
    _ intent: TransactionIntent, _ result: TransactionResult, _ course: inout Course
  ) async throws(RPCError) -> TransactionOutcome? {
    switch result.innerCode {
    case .insufficientFee: return .neverIncluded(.feeTooLow(needed: result.feeCharged))
    case .tooLate: return .neverIncluded(.expired)
    case .badSequence:
      let entries = try await rpc.getLedgerEntries([.account(intent.source)])
      guard case .account(let account)? = entries[.account(intent.source)]?.data else { return nil }
      // One below: the refusing node is behind or ahead of this one. Try again.
      course.isSendDue = account.sequence == intent.sequence - 1
      // Used: by this very transaction or by another. If a gap is left, it waits out its time.
      guard account.sequence >= intent.sequence else { return nil }
      let answer = try await rpc.getTransaction(intent.hash)
      guard case .notFound = answer.status, answer.latestLedger >= entries.latestLedger else {
        return nil
      }
      return .neverIncluded(.sequenceUsed)
    default: return .neverIncluded(.refused(result.innerCode))
    }
  }

  /// Looks the transaction up: its outcome if there is one, and the ledger the answer knew.
  private func check(
    _ intent: TransactionIntent
  ) async throws(SubmitError) -> (outcome: TransactionOutcome?, ledger: LedgerSequence?) {
    let answer: TransactionAnswer
    do throws(RPCError) {
      answer = try await rpc.getTransaction(intent.hash)
    } catch {
      if error.code == .cancelled { throw unknown(intent, "cancelled while it was out") }
      logger.warning(
        "looking up failed", metadata: ["hash": "\(intent.hash)", "error": "\(error)"])
      return (nil, nil)
    }
    follower.note(LedgerTick(sequence: answer.latestLedger, closeTime: answer.latestCloseTime))
    switch answer.status {
    case .succeeded(let applied):
      return (.succeeded(try inclusion(intent, applied).inclusion), answer.latestLedger)
    case .failed(let applied):
      let (inclusion, result) = try inclusion(intent, applied)
      let reason = failure(intent, result, applied)
      return (.failed(inclusion, reason: reason), answer.latestLedger)
    case .notFound:
      // One answer must say both: that it is in no ledger, and that its time is over.
      guard answer.latestCloseTime > intent.maxTime else { return (nil, answer.latestLedger) }
      guard answer.oldestLedger > intent.madeAfter + 1 else {
        return (.neverIncluded(.expired), answer.latestLedger)
      }
      return (try await judgeWithoutHistory(intent), answer.latestLedger)
    }
  }

  /// The nodes' history begins after the transaction's time: only the sequence number can tell.
  private func judgeWithoutHistory(
    _ intent: TransactionIntent
  ) async throws(SubmitError) -> TransactionOutcome? {
    guard
      let entries = try? await rpc.getLedgerEntries([.account(intent.source)]),
      case .account(let account)? = entries[.account(intent.source)]?.data
    else { return nil }
    if account.sequence < intent.sequence { return .neverIncluded(.expired) }
    throw unknown(intent, "the nodes' history no longer reaches back to it")
  }

  func unknown(_ intent: TransactionIntent, _ why: String) -> SubmitError {
    SubmitError(
      .outcomeUnknown(intent), "what became of transaction \(intent.hash) is not known: \(why)")
  }
}
