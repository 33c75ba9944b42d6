/// Whose loss it is: the first row of the table that fits, from the top.
///
/// The table, with examples: `deploy/attribution.md`. Source: design.md §6.
package struct Blame: Sendable, Hashable {
  /// Nil: no stake was lost, so nobody pays.
  package var payer: Payer?
  package var reason: String

  /// Total: every evidence has its row. What is not proved against somebody is the treasury's.
  package init(_ evidence: LossEvidence) {
    (payer, reason) =
      switch evidence {
      case let e where e.stage == .notPlanted:
        (nil, "nothing was planted, so no stake was lost")
      case let e where e.stage == .notHarvested:
        (.treasury, "the harvest was missed until the entry expired")
      case let e where e.nonceInTime && e.walletShortOfXLM && !e.sponsorCouldPay:
        (.farmer, "the wallet had no XLM left to submit the work")
      case let e where e.nonceInTime:
        (.treasury, "a nonce was delivered in time and not brought on chain")
      case let e where e.coordinatorWasInTheWay:
        (.treasury, "the coordinator was down or late, so that no nonce could come in time")
      case let e where e.assignmentDelivered:
        (.pooler, "the pooler took the assignment and delivered no nonce in time")
      default:
        (.pooler, "the pooler asked for planting and was gone before it took the assignment")
      }
  }
}
