/// So many events in 10 s, refilled evenly.
struct RateBucket {
  let capacity: Double
  private var left: Double
  private var lastMs: UInt64?

  init(per10s capacity: Double) {
    self.capacity = capacity
    left = capacity
  }

  /// Takes one; false when none is left.
  mutating func take(nowMs: UInt64) -> Bool {
    if let lastMs, nowMs > lastMs {
      left = min(capacity, left + Double(nowMs - lastMs) * capacity / 10_000)
    }
    lastMs = nowMs
    guard left >= 1 else { return false }
    left -= 1
    return true
  }
}
