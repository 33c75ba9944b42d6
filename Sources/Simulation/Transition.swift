/// State transitions that a run counts, each where it is recorded.
package enum Transition: String, CaseIterable, Sendable, Hashable {
  // A farmer's part in a block.
  case wanted, planted, missed, worked, harvested, lostByFarmer, lostByPooler, lostByTreasury
  case assigned, delivered, reassigned, nonceAccepted, nonceBettered
  // Membership and leaving.
  case joined, paused, exitRequested, exitCalledOff, payoutMoved, splitPaid, splitWithDebt
  case splitHeldBack, swept, closed, compensated, rejoined, wentOnToNext, waitedForPayout
  case queued, promoted, leftQueue
  // Transactions.
  case succeeded, failed, neverIncluded, resolvedAfterRestart, byChannel, sponsored
  // The pool.
  case blockOpenedByUs, blockAnalysed, restarted, agentEnrolled
  case suspended, reinstated, bondPaidBefore, bondPaidAfter, bondReleased
}
