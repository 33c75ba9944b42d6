import Bridge
import Synchronization

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
  private let passed = Mutex(Duration.zero)
  private let start = ContinuousClock.now

  var now: API.Timestamp {
    API.Timestamp(unixSeconds: 1_795_450_000) + passed.withLock { $0 }
  }

  func advance(by duration: Duration) { passed.withLock { $0 += duration } }

  var bridgeClock: BridgeClock {
    BridgeClock(now: { self.now }, instant: { self.start + self.passed.withLock { $0 } })
  }
}
