/// What is known of a stake that was planted and did not come back.
package struct LossEvidence: Sendable, Hashable {
  /// A verified nonce was with the coordinator while the block could still be worked.
  package var nonceInTime: Bool
  /// `work` failed because the wallet lacked XLM although the reserve was kept back at planting.
  package var walletShortOfXLM: Bool
  /// The coordinator did not run at some time between the plant and the cut-off, so that
  /// assignment or nonce could not pass.
  package var coordinatorWasDown: Bool
  /// The block was worked, and its harvest was missed until the entry expired.
  package var harvestMissed: Bool
  /// An agent acknowledged the assignment.
  package var assignmentDelivered: Bool

  package init(
    nonceInTime: Bool, walletShortOfXLM: Bool, coordinatorWasDown: Bool, harvestMissed: Bool,
    assignmentDelivered: Bool
  ) {
    self.nonceInTime = nonceInTime
    self.walletShortOfXLM = walletShortOfXLM
    self.coordinatorWasDown = coordinatorWasDown
    self.harvestMissed = harvestMissed
    self.assignmentDelivered = assignmentDelivered
  }

  /// As `key=value` words, for the row that records the loss.
  package var text: String {
    [
      "nonce_in_time=\(nonceInTime)", "wallet_short_of_xlm=\(walletShortOfXLM)",
      "coordinator_was_down=\(coordinatorWasDown)", "harvest_missed=\(harvestMissed)",
      "assignment_delivered=\(assignmentDelivered)",
    ].joined(separator: " ")
  }
}

/// Whose loss it is: the first row of the table that fits, from the top.
package struct Blame: Sendable, Hashable {
  package var payer: Payer
  package var reason: String

  /// Total: every evidence has a payer; what fits no row is the treasury's.
  package init(_ evidence: LossEvidence) {
    (payer, reason) =
      switch evidence {
      case let e where e.harvestMissed:
        (.treasury, "the harvest was missed until the entry expired")
      case let e where e.nonceInTime && e.walletShortOfXLM:
        (.farmer, "the wallet had no XLM left to submit the work")
      case let e where e.nonceInTime:
        (.treasury, "a nonce was delivered in time and not brought on chain")
      case let e where e.coordinatorWasDown:
        (.treasury, "the coordinator was down while the block was open")
      case let e where e.assignmentDelivered:
        (.pooler, "the pooler took the assignment and delivered no nonce")
      default:
        (.pooler, "the pooler asked for planting and took no assignment")
      }
  }
}
