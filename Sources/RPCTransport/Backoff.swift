/// How long to wait before the next attempt: 0.5 s × 1.6ⁿ up to 30 s, of which a random part, and
/// never longer than it has been going on: a server that was away for 5 s has everybody back 5 s
/// after its return, and not only those who drew short waits.
///
/// | attempt | at most |
/// | --- | --- |
/// | 1 | 0.5 s |
/// | 2 | 0.8 s |
/// | 3 | 1.28 s |
/// | 10 on | 30 s |
package struct Backoff: Sendable {
  package static let firstMs = 500.0
  package static let factor = 1.6
  package static let mostMs = 30_000.0

  private var attempts = 0
  private var began: ContinuousClock.Instant?

  package init() {}

  /// The most that the next wait can be.
  package var ceilingMs: Double {
    var ceiling = Self.firstMs
    for _ in 0..<min(attempts, 32) { ceiling = min(ceiling * Self.factor, Self.mostMs) }
    return ceiling
  }

  package mutating func next(
    now: ContinuousClock.Instant, using random: inout some RandomNumberGenerator
  ) -> Duration {
    let awayMs = (now - (began ?? now)) / .milliseconds(1)
    if began == nil { began = now }
    let ceilingMs = min(ceilingMs, max(Self.firstMs, awayMs))
    attempts += 1
    return .milliseconds(Int64(Double.random(in: 0...ceilingMs, using: &random)))
  }

  package mutating func next() -> Duration {
    var random = SystemRandomNumberGenerator()
    return next(now: .now, using: &random)
  }

  package mutating func reset() { (attempts, began) = (0, nil) }
}
