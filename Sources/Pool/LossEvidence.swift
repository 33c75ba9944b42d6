/// What is known of a planting that came to nothing: all that attribution looks at.
///
/// Ledgers "left" are those after the last closed one that surely close inside the block.
package struct LossEvidence: Sendable, Hashable {
  package enum Stage: Sendable, Hashable, CaseIterable {
    /// No plant stands on chain.
    case notPlanted
    /// Planted, and no work stood on chain when the block closed.
    case notWorked
    /// Worked, and not harvested before the entry expired.
    case notHarvested
  }

  package var stage: Stage
  /// Left when the first verified nonce was with the coordinator; nil: none came.
  package var nonceLedgersLeft: Int64?
  /// `work` failed because the wallet lacked XLM although the reserve was kept back at planting.
  package var walletShortOfXLM = false
  /// The sponsor could have paid instead.
  package var sponsorCouldPay = false
  /// Left when the pool knew that the plant stood; nil: only after the block, or it is not known.
  package var confirmedLedgersLeft: Int64?
  /// Left when the coordinator last began to run, where that was inside this block.
  package var restartedLedgersLeft: Int64?
  /// By how many ledgers the nodes may have been behind when the first of the others was read: so many
  /// they told of at once afterwards. What was called "left" may have been less by as many.
  package var unseenLedgers: Int64 = 0
  /// An agent of the pooler was connected when the pool knew that the plant stood.
  package var agentWasConnected = false
  /// Left when the farmer was first assigned to an agent; nil: never.
  package var assignedLedgersLeft: Int64?
  /// An agent acknowledged an assignment.
  package var assignmentDelivered = false
  /// ``PoolSettings/cutOffLedgers`` and ``PoolSettings/answerLedgers``.
  package var cutOffLedgers: Int64
  package var answerLedgers: Int64

  package init(stage: Stage, cutOffLedgers: Int64, answerLedgers: Int64) {
    self.stage = stage
    self.cutOffLedgers = cutOffLedgers
    self.answerLedgers = answerLedgers
  }

  /// The earliest of what was read.
  package var firstLeft: Int64 {
    max(confirmedLedgersLeft ?? 0, restartedLedgersLeft ?? 0, assignedLedgersLeft ?? 0)
  }

  /// A nonce was there before the cut-off.
  package var nonceInTime: Bool { nonceLedgersLeft.map { $0 >= cutOffLedgers } ?? false }

  /// Whether an assignment made with so many ledgers left can be answered before the cut-off.
  private func isEnough(_ left: Int64?) -> Bool {
    left.map { $0 - unseenLedgers >= cutOffLedgers + answerLedgers } ?? false
  }

  /// The coordinator was down or too late, so that assignment or nonce could not pass in time.
  package var coordinatorWasInTheWay: Bool {
    if !isEnough(confirmedLedgersLeft) { return true }
    if restartedLedgersLeft != nil, !isEnough(restartedLedgersLeft) { return true }
    return agentWasConnected && !isEnough(assignedLedgersLeft)
  }

  /// As `key=value` words.
  package var words: [String] {
    func word(_ key: String, _ left: Int64?) -> String {
      "\(key)=\(left.map { "\($0)" } ?? "none")"
    }
    return [
      word("nonce_left", nonceLedgersLeft), "wallet_short_of_xlm=\(walletShortOfXLM)",
      "sponsor_could_pay=\(sponsorCouldPay)", word("confirmed_left", confirmedLedgersLeft),
      word("restarted_left", restartedLedgersLeft), "unseen=\(unseenLedgers)",
      "agent_connected=\(agentWasConnected)",
      word("assigned_left", assignedLedgersLeft), "delivered=\(assignmentDelivered)",
      "cut_off=\(cutOffLedgers)", "answer=\(answerLedgers)",
    ]
  }
}
