/// The bridge's time, a parameter so that tests own it.
package struct BridgeClock: Sendable {
  /// For what is stored or shown.
  package var now: @Sendable () -> API.Timestamp
  /// For what is measured.
  package var instant: @Sendable () -> ContinuousClock.Instant

  package init(
    now: @escaping @Sendable () -> API.Timestamp,
    instant: @escaping @Sendable () -> ContinuousClock.Instant
  ) {
    self.now = now
    self.instant = instant
  }

  /// This machine's clocks.
  package static let system = BridgeClock(
    now: { API.Timestamp.systemNow }, instant: { ContinuousClock.now })
}
