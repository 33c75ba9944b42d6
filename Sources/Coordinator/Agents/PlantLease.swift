/// How often an agent may ask for planting: so many times at once, and again as time goes by.
///
/// Asking twice is asking once, so an honest agent needs one call a block and some spare; what it
/// may use is told where it has used it up.
package struct PlantLease: Sendable {
  /// A farm's shortest block has several retries of its agent's in it.
  package static let calls = 20
  package static let period = Duration.seconds(60)

  private var left = Double(calls)
  private var refilledAt: ContinuousClock.Instant

  package init(now: ContinuousClock.Instant) { refilledAt = now }

  /// Nil: go on. Otherwise how long to wait for the next call.
  package mutating func take(now: ContinuousClock.Instant) -> Duration? {
    let rate = Double(Self.calls) / (Self.period / .seconds(1))
    left = min(Double(Self.calls), left + (now - refilledAt) / .seconds(1) * rate)
    refilledAt = now
    guard left >= 1 else { return .milliseconds(Int64(((1 - left) / rate * 1_000).rounded(.up))) }
    left -= 1
    return nil
  }
}
