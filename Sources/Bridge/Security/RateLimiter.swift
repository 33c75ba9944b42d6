import Synchronization

/// The bridge's counters of tries, shared by all requests.
final class RateLimiter: Sendable {
  private let buckets = Mutex(TokenBuckets())
  private let clock: BridgeClock

  init(clock: BridgeClock) { self.clock = clock }

  /// Throws `tooManyRequests` when the key's tries are used up.
  func take(_ key: String, _ rate: RateLimits.Rate) throws(BridgeError) {
    let now = clock.instant()
    guard let wait = buckets.withLock({ $0.take(key, rate, at: now) }) else { return }
    let seconds = max(1, wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0))
    throw BridgeError(
      .tooManyRequests, "Too many tries: wait \(seconds) s, then try again.",
      retryAfter: .seconds(seconds))
  }

  func reset(_ key: String) { buckets.withLock { $0.reset(key) } }
}
