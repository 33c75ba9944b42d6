/// Counts of round-trip times in buckets of at most 1/32 relative width, from 1 ns to 18 min.
package struct LatencyHistogram: Sendable {
  /// Buckets of one power of two.
  private static let steps = 32
  private static let stepBits = 5
  private static let powers = 36

  private var buckets = [UInt64](repeating: 0, count: Self.powers * Self.steps)
  package private(set) var count: UInt64 = 0

  package init() {}

  package mutating func record(_ time: Duration) {
    let parts = time.components
    let nanoseconds = parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
    buckets[Self.bucket(UInt64(clamping: nanoseconds))] += 1
    count += 1
  }

  package mutating func add(_ other: LatencyHistogram) {
    for at in buckets.indices { buckets[at] += other.buckets[at] }
    count += other.count
  }

  /// Microseconds that the share `quantile` (0...1) of all stayed below; nil where nothing was
  /// recorded.
  package func microseconds(at quantile: Double) -> Double? {
    guard count > 0 else { return nil }
    let rank = max(1, UInt64((Double(count) * quantile).rounded(.up)))
    var seen: UInt64 = 0
    for (at, bucket) in buckets.enumerated() {
      seen += bucket
      if seen >= rank { return Double(Self.upperBound(at)) / 1_000 }
    }
    return nil
  }

  private static func bucket(_ nanoseconds: UInt64) -> Int {
    guard nanoseconds >= steps else { return Int(nanoseconds) }
    let power = UInt64.bitWidth - 1 - nanoseconds.leadingZeroBitCount - stepBits
    let step = Int(nanoseconds >> UInt64(power)) - steps
    return min((power + 1) * steps + step, powers * steps - 1)
  }

  private static func upperBound(_ bucket: Int) -> UInt64 {
    guard bucket >= steps else { return UInt64(bucket) }
    let power = UInt64(bucket / steps - 1)
    return (UInt64(bucket % steps + steps + 1) << power) - 1
  }
}
