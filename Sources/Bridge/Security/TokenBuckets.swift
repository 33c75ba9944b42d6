/// Counts tries by key: a token bucket each, bounded in number.
///
/// Pure: time is an argument.
struct TokenBuckets {
  private struct Bucket {
    var tokens: Double
    var at: ContinuousClock.Instant
  }

  private var buckets: [String: Bucket] = [:]
  private let keysMax: Int

  init(keysMax: Int = Limits.rateKeysMax) { self.keysMax = keysMax }

  /// Takes one try, or says after how long the next one is there.
  mutating func take(
    _ key: String, _ rate: RateLimits.Rate, at now: ContinuousClock.Instant
  ) -> Duration? {
    let refill = rate.refill / .seconds(1)
    var bucket = buckets[key] ?? Bucket(tokens: Double(rate.burst), at: now)
    let passed = max(0, (now - bucket.at) / .seconds(1))
    bucket.tokens = min(Double(rate.burst), bucket.tokens + passed / refill)
    bucket.at = now
    let wait: Duration? =
      bucket.tokens >= 1 ? nil : .seconds((1 - bucket.tokens) * refill)
    if wait == nil { bucket.tokens -= 1 }
    if buckets[key] == nil, buckets.count >= keysMax { forgetOldest() }
    buckets[key] = bucket
    return wait
  }

  var count: Int { buckets.count }

  /// Gives all tries back: the right password was given.
  mutating func reset(_ key: String) { buckets[key] = nil }

  /// Forgets the half used longest ago, so that the cost of doing it is spread.
  private mutating func forgetOldest() {
    let times = buckets.values.map(\.at).sorted()
    let middle = times[times.count / 2]
    buckets = buckets.filter { $0.value.at > middle }
  }
}
