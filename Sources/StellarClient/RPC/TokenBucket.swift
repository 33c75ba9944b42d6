/// How many requests may go to a node: `perSecond` on average, `burst` at once.
struct TokenBucket: Sendable {
  let perSecond: Double
  let burst: Double
  /// May be negative: requests that already wait for their turn.
  private var tokens: Double
  private var filledAt: ContinuousClock.Instant?

  init(perSecond: Double, burst: Double) {
    precondition(perSecond > 0 && burst >= 1)
    self.perSecond = perSecond
    self.burst = burst
    tokens = burst
  }

  /// Takes `count` tokens; gives how long to wait before they may be used.
  mutating func take(_ count: Int, at now: ContinuousClock.Instant) -> Duration {
    if let filledAt {
      tokens = min(burst, tokens + (now - filledAt) / .seconds(1) * perSecond)
    }
    filledAt = now
    tokens -= Double(count)
    return tokens >= 0 ? .zero : .seconds(-tokens / perSecond)
  }
}
