/// Whether an agent that was given work gets on with it. Plain logic; the time is a parameter.
///
/// Answering pings shows that a process runs, not that it works. Two things must move while there is
/// work: the version of the set it says it works by, and its count of hashes. Source: PROTOCOL.md,
/// "Liveness".
package struct ProgressWatch: Sendable {
  /// Three reports: one may be late and one may be lost in a busy machine.
  package static let patience = Duration.seconds(15)

  private let patience: Duration
  private var versionAdopted: UInt64 = 0
  private var versionSent: UInt64 = 0
  /// When the oldest set was sent that is not adopted yet.
  private var unadoptedSince: ContinuousClock.Instant?
  /// Until when the last set's work is of use; nil: it has none.
  private var workUntil: ContinuousClock.Instant?
  /// As last reported in this session.
  private var hashes: UInt64?
  /// When the count of hashes last moved, or the work began.
  private var movedAt: ContinuousClock.Instant

  /// A session has begun.
  package init(patience: Duration = Self.patience, now: ContinuousClock.Instant) {
    self.patience = patience
    movedAt = now
  }

  /// A set is on its way. `until`: when its work ends, nil for a set without any.
  package mutating func sent(
    version: UInt64, until: ContinuousClock.Instant?, now: ContinuousClock.Instant
  ) {
    if !hasWork(now) { movedAt = now }
    if unadoptedSince == nil || !hasWork(now) { unadoptedSince = now }
    versionSent = version
    workUntil = until
  }

  package mutating func adopted(version: UInt64, now: ContinuousClock.Instant) {
    guard version > versionAdopted else { return }
    versionAdopted = version
    unadoptedSince = version >= versionSent ? nil : now
  }

  /// A report; whether it shows that something moved. `isIdle`: it has come as far as its work goes.
  package mutating func reported(
    hashes: UInt64, isIdle: Bool, now: ContinuousClock.Instant
  ) -> Bool {
    let hasMoved = self.hashes.map { hashes > $0 } ?? false
    self.hashes = hashes
    if hasMoved || isIdle { movedAt = now }
    return hasMoved
  }

  /// A nonce came that holds: somebody hashed.
  package mutating func found(now: ContinuousClock.Instant) { movedAt = now }

  /// Whether nothing has moved for so long though there is work.
  package func isStuck(now: ContinuousClock.Instant) -> Bool {
    guard hasWork(now) else { return false }
    return now - min(movedAt, unadoptedSince ?? movedAt) >= patience
  }

  private func hasWork(_ now: ContinuousClock.Instant) -> Bool {
    workUntil.map { $0 > now } ?? false
  }
}
