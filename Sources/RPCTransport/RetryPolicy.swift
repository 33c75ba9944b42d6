package import FramedRPC
import Synchronization

/// Whether and when a call that failed is made again within its session.
///
/// Only calls that may be repeated are: idempotent ones, and those with a request id, whose answer
/// the server remembers. A token bucket stops retries where most calls fail, so that they never
/// are what keeps a coordinator down. Source: gRPC's proposal A6; PROTOCOL.md, "Retries".
package struct RetryPolicy: Sendable {
  package static let attemptsMax = 4
  package static let firstWaitMs = 100.0
  package static let jitter = 0.2
  package static let tokensMax = 10.0
  package static let tokensPerSuccess = 0.1

  private var tokens = tokensMax

  package init() {}

  package mutating func succeeded() {
    tokens = min(Self.tokensMax, tokens + Self.tokensPerSuccess)
  }

  /// How long to wait before the next attempt; nil: the error stands.
  ///
  /// - Parameter attempt: how many have been made.
  package mutating func wait(
    after error: RPCError, attempt: Int, using random: inout some RandomNumberGenerator
  ) -> Duration? {
    // A refusal for want of room says when it may go; without that, asking again is pushing.
    let mayHelp =
      error.code == .unavailable || error.code == .resourceExhausted && error.retryAfterMs > 0
    guard mayHelp else { return nil }
    tokens = max(0, tokens - 1)
    guard attempt < Self.attemptsMax, tokens > Self.tokensMax / 2 else { return nil }
    if error.retryAfterMs > 0 { return .milliseconds(Int64(error.retryAfterMs)) }
    var milliseconds = Self.firstWaitMs
    for _ in 1..<attempt { milliseconds *= 2 }
    milliseconds *= Double.random(in: 1 - Self.jitter...1 + Self.jitter, using: &random)
    return .microseconds(Int64(milliseconds * 1_000))
  }
}

/// A session's policy, shared by its calls.
final class Retries: Sendable {
  private let policy = Mutex(RetryPolicy())

  func succeeded() { policy.withLock { $0.succeeded() } }

  func wait(after error: RPCError, attempt: Int) -> Duration? {
    var random = SystemRandomNumberGenerator()
    return policy.withLock { $0.wait(after: error, attempt: attempt, using: &random) }
  }
}
