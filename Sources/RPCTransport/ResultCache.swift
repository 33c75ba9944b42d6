import Bytes
import FramedRPC
import Synchronization

/// What became of calls with effects, so that a repeated one is answered and not done again.
///
/// Kept for a day and bounded; in memory alone, so that after a restart the pool's own keys
/// (pooler and block, farmer, block and nonce) are what keeps an effect single.
final class ResultCache: Sendable {
  typealias Outcome = (last: [UInt8]?, error: RPCError?)

  struct Key: Hashable, Sendable {
    let agent: Bytes32
    let method: UInt16
    /// Sixteen bytes.
    let request: [UInt8]
  }

  /// An agent makes a handful of such calls a day; with the largest answers 64 MiB in all.
  static let entriesMax = 16_384
  static let entriesPerAgentMax = 256
  static let keepTime = Duration.seconds(24 * 3_600)

  fileprivate enum Entry {
    case running(waiting: [CheckedContinuation<Outcome?, Never>])
    case done(Outcome, until: ContinuousClock.Instant)
  }

  fileprivate struct State {
    var entries: [Key: Entry] = [:]
    /// In the order in which they were done.
    var order: [Key] = []
    var perAgent: [Bytes32: Int] = [:]
  }

  private let state = Mutex(State())

  /// The outcome of the first call of this key; `body` is run for that one alone.
  func outcome(
    of key: Key, now: ContinuousClock.Instant = .now,
    _ body: @Sendable () async -> Outcome
  ) async -> Outcome {
    while true {
      switch begin(key, now) {
      case .done(let outcome): return outcome
      case .full: return await body()
      case .first:
        let outcome = await body()
        finish(key, outcome, now)
        return outcome
      case .waits:
        let outcome = await withCheckedContinuation { continuation in
          let isOver = state.withLock { state in
            guard case .running(let waiting) = state.entries[key] else { return true }
            state.entries[key] = .running(waiting: waiting + [continuation])
            return false
          }
          if isOver { continuation.resume(returning: nil) }
        }
        // Nil: the first one came to nothing, or has ended just now.
        if let outcome { return outcome }
      }
    }
  }

  private enum Start {
    case first
    case waits
    case done(Outcome)
    case full
  }

  private func begin(_ key: Key, _ now: ContinuousClock.Instant) -> Start {
    state.withLock { state in
      switch state.entries[key] {
      case .done(let outcome, let until) where until > now: return .done(outcome)
      case .running: return .waits
      default: break
      }
      state.forgetOld(now, for: key.agent)
      guard state.entries.count < Self.entriesMax,
        state.perAgent[key.agent, default: 0] < Self.entriesPerAgentMax
      else { return .full }
      state.entries[key] = .running(waiting: [])
      state.perAgent[key.agent, default: 0] += 1
      return .first
    }
  }

  private func finish(_ key: Key, _ outcome: Outcome, _ now: ContinuousClock.Instant) {
    let isFinal = outcome.error.map { !$0.code.leavesOutcomeOpen } ?? true
    let waiting = state.withLock { state -> [CheckedContinuation<Outcome?, Never>] in
      guard case .running(let waiting) = state.entries[key] else { return [] }
      if isFinal {
        state.entries[key] = .done(outcome, until: now + Self.keepTime)
        state.order.append(key)
      } else {
        state.remove(key)
      }
      return waiting
    }
    for one in waiting { one.resume(returning: isFinal ? outcome : nil) }
  }
}

extension RPCStatusCode {
  /// Errors after which the call may be made again and then does what it should.
  fileprivate var leavesOutcomeOpen: Bool {
    switch self {
    case .cancelled, .deadlineExceeded, .unavailable, .internalError, .unknown, .aborted,
      .resourceExhausted:
      true
    default: false
    }
  }
}

extension ResultCache.State {
  /// Makes room: what is past its time, and the oldest where the agent or all have too many.
  fileprivate mutating func forgetOld(_ now: ContinuousClock.Instant, for agent: Bytes32) {
    while let oldest = order.first {
      guard case .done(_, let until) = entries[oldest] else { break }
      guard until <= now || entries.count >= ResultCache.entriesMax else { break }
      order.removeFirst()
      remove(oldest)
    }
    if perAgent[agent, default: 0] >= ResultCache.entriesPerAgentMax,
      let at = order.firstIndex(where: { $0.agent == agent })
    {
      remove(order.remove(at: at))
    }
  }

  fileprivate mutating func remove(_ key: ResultCache.Key) {
    guard entries.removeValue(forKey: key) != nil else { return }
    let left = perAgent[key.agent, default: 1] - 1
    perAgent[key.agent] = left > 0 ? left : nil
  }
}
