import NIOCore
import Synchronization

/// How much of the machine handshakes may take all together: sessions' pings come first.
///
/// Work is measured when it is done and may then be too much; what follows waits until the average
/// is right again.
final class WorkBudget: Sendable {
  fileprivate struct State {
    /// Nanoseconds that may be used now; below zero: somebody has to wait.
    var left: Double
    var refilledAt: NIODeadline
  }

  private let share: Double
  private let state: Mutex<State>

  /// - Parameter share: of one core.
  init(share: Double = TransportLimits.handshakeShare, now: NIODeadline = .now()) {
    self.share = share
    state = Mutex(State(left: Self.burst(share), refilledAt: now))
  }

  /// What may be used at once after a rest: a second's worth.
  private static func burst(_ share: Double) -> Double { share * 1e9 }

  /// Zero where work may begin, else how long to wait before asking again.
  func wait(now: NIODeadline = .now()) -> TimeAmount {
    state.withLock { state in
      state.refill(share, most: Self.burst(share), now)
      guard state.left <= 0 else { return .zero }
      // Not all at the same moment.
      let missing = -state.left / share
      return .nanoseconds(Int64(missing * Double.random(in: 1...1.5)) + 1_000_000)
    }
  }

  func used(_ time: TimeAmount, now: NIODeadline = .now()) {
    state.withLock { state in
      state.refill(share, most: Self.burst(share), now)
      state.left -= Double(time.nanoseconds)
    }
  }
}

extension WorkBudget.State {
  fileprivate mutating func refill(_ share: Double, most: Double, _ now: NIODeadline) {
    guard now > refilledAt else { return }
    left = min(most, left + Double((now - refilledAt).nanoseconds) * share)
    refilledAt = now
  }
}
