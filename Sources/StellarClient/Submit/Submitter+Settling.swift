import Bytes
import KaleRules
import Logging
import StellarXDR

/// From a stored intent to its outcome. The loop's turns are ledgers: send if that is due, wait for
/// a ledger to close, look the transaction up.
extension Submitter {
  /// Sends the bytes and waits for their end.
  func send(_ offer: Offer) async throws(SubmitError) -> TransactionOutcome {
    var course = Course(offer)
    let outcome = try await settle(&course)
    if let sent = course.acceptedAt {
      landings.note(sent: sent, included: outcome.inclusion?.ledger)
    } else if let needed = course.neededFee, outcome == .neverIncluded(.expired) {
      return .neverIncluded(.feeTooLow(needed: needed))
    }
    return outcome
  }

  /// Only waits for their end.
  func lookUp(_ intent: TransactionIntent) async throws(SubmitError) -> TransactionOutcome {
    if let outcome = try await check(intent).outcome { return outcome }
    var course = Course(lookingUp: intent)
    return try await settle(&course)
  }

  private func settle(_ course: inout Course) async throws(SubmitError) -> TransactionOutcome {
    while true {
      if course.isSendDue, let outcome = try await send(&course) { return outcome }
      // A refused offer is raised at once, not a ledger later.
      if course.isRaised, let outcome = try await send(&course) { return outcome }
      await follower.wait(after: course.ledger)
      let (outcome, ledger) = try await check(course.intent)
      if let outcome { return outcome }
      let known = max(ledger ?? 0, follower.latest?.sequence ?? 0)
      course.ledger = max(course.ledger, known)
      if course.isWaitingLong(settings) { await offerMore(&course) }
      course.sendAgainIfDue(settings)
    }
  }

  /// Sends once, what is urgent to every node. An outcome only where the refusal is final.
  private func send(
    _ course: inout Course
  ) async throws(SubmitError) -> TransactionOutcome? {
    guard let offer = course.offer else { return nil }
    let intent = offer.intent
    course.isRaised = false
    let node = rpc.preferredNode(avoiding: course.lastNode)
    course.sentAt = max(course.ledger, follower.latest?.sequence ?? 0)
    do throws(RPCError) {
      let answer = try await rpc.sendTransaction(offer.envelope, avoiding: course.lastNode)
      course.lastNode = node
      course.ledger = max(course.ledger, answer.latestLedger)
      if answer.mayBeElsewhere { course.mayBeQueued = true }
      switch answer.status {
      case .pending, .duplicate: course.accepted(follower.latest?.sequence)
      case .tryAgainLater: break
      case .refused(let result):
        course.isSendDue = false
        logger.info(
          "transaction refused",
          metadata: ["hash": "\(intent.hash)", "code": "\(result?.innerCode.rawValue ?? 0)"])
        guard let result else { return nil }
        return try await refusal(result, &course)
      }
      if offer.isUrgent {
        // One node may lose what it took, and a ledger more costs something.
        course.mayBeQueued = true
        await rpc.spreadTransaction(offer.envelope, besides: node)
      }
    } catch {
      if error.code == .cancelled { throw unknown(intent, "cancelled while it was out") }
      logger.warning("sending failed", metadata: ["hash": "\(intent.hash)", "error": "\(error)"])
      course.lastNode = node
      switch error.code {
      case .unavailable, .busy, .behind: break
      case .outcomeUnknown, .badAnswer, .cancelled: course.mayBeQueued = true
      case .refused:
        // The node cannot even read it, which no queue would have.
        if !course.mayBeQueued { return .neverIncluded(.refused(.malformed)) }
        course.isSendDue = false
      }
    }
    return nil
  }

  /// What a refusal means. What could still be included is never given up.
  private func refusal(
    _ result: TransactionResult, _ course: inout Course
  ) async throws(RPCError) -> TransactionOutcome? {
    switch result.innerCode {
    case .insufficientFee:
      // The queue is full of better offers, or has this one at a lower: more, or the same again.
      course.neededFee = result.feeCharged
      await offerMore(&course)
      return nil
    case .insufficientBalance:
      if await offerByNextPayer(&course) { return nil }
    case .tooLate where course.mayBeQueued: return nil
    case .tooLate: return .neverIncluded(.expired)
    case .badSequence:
      return try await badSequence(&course)
    default: break
    }
    guard !course.mayBeQueued else { return nil }
    return .neverIncluded(.refused(result.innerCode))
  }

  private func badSequence(
    _ course: inout Course
  ) async throws(RPCError) -> TransactionOutcome? {
    let intent = course.intent
    let since = course.ledger
    let entries = try await rpc.getLedgerEntries(
      [.account(intent.source)], since: since.before)
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
  }

  // MARK: - Offering more

  /// Wraps the transaction in a fee bump that offers more: ten times as much where it may be in a
  /// queue, since less does not replace it there, and twice as much where a full queue refused it.
  /// Where the cap does not allow that, it waits on as it is.
  private func offerMore(_ course: inout Course) async {
    guard let offer = course.offer, let payer = offer.payers.first else { return }
    course.bumpedAt = course.ledger
    let needed = course.neededFee.map {
      ($0 - offer.resourceFee + offer.bumpOperations - 1) / offer.bumpOperations
    }
    var rate = max(offer.rate * (course.mayBeQueued ? 10 : 2) + 1, needed ?? 0)
    if !course.mayBeQueued { rate = min(rate, settings.inclusionFeeMax) }
    guard rate > offer.rate, rate <= settings.inclusionFeeMax else { return }
    await replace(&course, paidBy: payer, rate: rate)
  }

  /// The payer has too little XLM: the next one pays, if there is one.
  private func offerByNextPayer(_ course: inout Course) async -> Bool {
    guard let offer = course.offer, offer.payers.count > 1 else { return false }
    course.offer?.payers.removeFirst()
    return await replace(&course, paidBy: offer.payers[1], rate: offer.rate)
  }

  @discardableResult
  private func replace(
    _ course: inout Course, paidBy payer: AccountID, rate: Int64
  ) async -> Bool {
    guard let offer = course.offer else { return false }
    do throws(SubmitError) {
      let envelope = try await bump(
        offer.inner, offer.innerSignatures, paidBy: payer, rate: rate)
      course.offer?.envelope = envelope.base64
      course.offer?.rate = rate
      course.isSendDue = true
      course.isRaised = true
      return true
    } catch {
      logger.info(
        "no higher offer", metadata: ["hash": "\(offer.intent.hash)", "why": "\(error)"])
      return false
    }
  }

  // MARK: - Looking up

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
      let outcome = try await judgeWithoutHistory(intent, since: answer.latestLedger)
      return (outcome, answer.latestLedger)
    }
  }

  /// The nodes' history begins after the transaction's time: only the sequence number can tell.
  private func judgeWithoutHistory(
    _ intent: TransactionIntent, since ledger: LedgerSequence
  ) async throws(SubmitError) -> TransactionOutcome? {
    guard
      // A node that lags would know of an older number.
      let entries = try? await rpc.getLedgerEntries([.account(intent.source)], since: ledger),
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
