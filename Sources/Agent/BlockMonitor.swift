package import PoolProtocol

/// Decides which blocks to ask planting for, and when. Plain logic; the time is a parameter.
///
/// A block is asked for a little before it may open, so that the coordinator can plant in its first
/// ledger; and at once when it turns out to be open and was not asked for.
package struct BlockMonitor: Sendable {
  package enum Step: Sendable, Equatable {
    case ask(block: UInt32)
    case wait(until: ContinuousClock.Instant?)
  }

  /// The least lead: a ledger of warning, one for the way, one to spare.
  package static let ledgersAhead: UInt32 = 3
  package static let spareAhead = Duration.seconds(1)
  /// Between attempts that failed.
  package static let retryAfter = Duration.milliseconds(500)

  private let ahead: Duration?
  private(set) var facts: FarmFacts?
  private(set) var receivedAt: ContinuousClock.Instant?
  /// The newest block whose request was answered.
  private var askedUpTo: UInt32?
  private var notBefore: ContinuousClock.Instant?

  /// - Parameter ahead: the owner's own lead, nil for the usual one.
  package init(ahead: Duration? = nil) { self.ahead = ahead }

  package mutating func receive(_ facts: FarmFacts, now: ContinuousClock.Instant) {
    self.facts = facts
    receivedAt = now
  }

  /// What the facts said is of no use on a new connection; what was asked for stays asked for.
  package mutating func disconnected() {
    facts = nil
    notBefore = nil
  }

  package func next(now: ContinuousClock.Instant) -> Step {
    guard let facts, let receivedAt, facts.accepting else { return .wait(until: nil) }
    if let notBefore, notBefore > now { return .wait(until: notBefore) }
    let opensAt = receivedAt + .milliseconds(Int64(facts.nextOpenInMs))
    let askAt = opensAt - lead(facts)
    if askAt <= now {
      let next = facts.blockIndex &+ 1
      return isAsked(next) ? .wait(until: nil) : .ask(block: next)
    }
    // There is still time to hash for the open block.
    if !isAsked(facts.blockIndex) { return .ask(block: facts.blockIndex) }
    return .wait(until: askAt)
  }

  /// The coordinator answered, whatever it said: asking again would not change it.
  package mutating func answered(block: UInt32) { askedUpTo = max(askedUpTo ?? 0, block) }

  /// The call failed on its way.
  package mutating func failed(now: ContinuousClock.Instant) { notBefore = now + Self.retryAfter }

  private func isAsked(_ block: UInt32) -> Bool { askedUpTo.map { block <= $0 } ?? false }

  private func lead(_ facts: FarmFacts) -> Duration {
    ahead ?? .milliseconds(Int64(facts.ledgerIntervalMs) * Int64(Self.ledgersAhead))
      + Self.spareAhead
  }
}
