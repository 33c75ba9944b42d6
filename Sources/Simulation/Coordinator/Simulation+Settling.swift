import Bytes
import KaleRules
import Pool

/// From a stored intent to its outcome. Source: `Submitter+Settling`, `Sender`.
extension Simulation {
  private static let resendAfter: UInt32 = 5

  enum Fate {
    case included(ChainOutcome)
    case never(shortOfXLM: Bool)
  }

  /// A ledger has closed: looks the transaction up, and sends it again where that is due.
  func advance(_ wallet: Bytes32) {
    guard let lane = coordinator.lanes[wallet], lane.isStored else { return }
    guard !strikes(.lookUpFailed, 0.01) else { return }
    let node = chain.snapshot(lag: nodeLag(someNode()))
    if let outcome = chain.outcomes[lane.hash], outcome.ledger <= node.ledger {
      return conclude(lane, .included(outcome))
    }
    if node.closeTime > lane.maxTime { return conclude(lane, .never(shortOfXLM: false)) }
    guard lane.transaction != nil else { return }
    if let sentAt = lane.sentAt, node.ledger >= sentAt + Self.resendAfter {
      coordinator.lanes[wallet]?.isSendDue = true
    }
    send(wallet)
  }

  /// Sends once, if that is due.
  func send(_ wallet: Bytes32) {
    guard let lane = coordinator.lanes[wallet], lane.isSendDue, let transaction = lane.transaction
    else { return }
    auditor.sent(transaction)
    let answer = submit(transaction)
    let ledger = coordinator.tick?.ledger
    coordinator.lanes[wallet]?.sentAt = ledger
    switch answer {
    case .pending, .duplicate:
      coordinator.lanes[wallet]?.mayBeQueued = true
      coordinator.lanes[wallet]?.isSendDue = false
    case .silence: coordinator.lanes[wallet]?.mayBeQueued = true
    case .tryAgain, .unavailable: break
    case .badSequence, .noFunds, .tooLate:
      coordinator.lanes[wallet]?.isSendDue = false
      guard !lane.mayBeQueued else { return }
      refused(lane, answer)
    }
  }

  /// A refusal while no queue has the bytes.
  private func refused(_ lane: Lane, _ answer: Answer) {
    switch answer {
    case .noFunds:
      auditor.refusedForXLM(lane.submission)
      conclude(lane, .never(shortOfXLM: true))
    case .badSequence:
      let node = chain.snapshot(lag: nodeLag(someNode()))
      guard let used = chain.sequence(of: lane.submission.wallet, at: node.ledger) else { return }
      coordinator.lanes[lane.submission.wallet]?.isSendDue = used == lane.sequence - 1
      guard used >= lane.sequence,
        chain.outcomes[lane.hash].map({ $0.ledger > node.ledger }) ?? true
      else { return }
      conclude(lane, .never(shortOfXLM: false))
    default: conclude(lane, .never(shortOfXLM: false))
    }
  }

  private func conclude(_ lane: Lane, _ fate: Fate) {
    guard !dies(.crashBeforeOutcome) else { return }
    let submission = lane.submission
    coordinator.lanes[submission.wallet] = nil
    coordinator.sequences[submission.wallet] = nil
    var events: [any PoolEvent]
    switch fate {
    case .included(let outcome) where outcome.failure == nil:
      if lane.transaction != nil { coordinator.sequences[submission.wallet] = lane.sequence }
      events = coordinator.run.consequences(
        of: submission,
        ChainResult(
          transaction: lane.hash, ledger: outcome.ledger, fee: Stroops(outcome.fee),
          payer: outcome.payer, returned: outcome.returned))
    case .included(let outcome):
      if lane.transaction != nil { coordinator.sequences[submission.wallet] = lane.sequence }
      events = [
        TransactionResolved(
          transaction: lane.hash, wallet: outcome.payer, result: .failed,
          ledger: outcome.ledger, fee: Stroops(outcome.fee), detail: "failed")
      ]
    case .never(let shortOfXLM):
      events = [
        TransactionResolved(
          transaction: lane.hash, wallet: submission.wallet, result: .neverIncluded, ledger: 0,
          fee: 0, shortOfXlm: shortOfXLM, detail: "never included")
      ]
    }
    record(events, then: .finished(submission, events))
  }
}
