import Synchronization

/// Lets a number of tasks through at a time; the others wait in the order of their coming.
package final class Gate: Sendable {
  private struct State {
    var width: Int
    /// Below zero after the gate was made narrower.
    var free: Int
    var nextTicket: UInt64 = 0
    var waiting: [(ticket: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
  }

  private let state: Mutex<State>

  package init(width: Int) {
    precondition(width > 0)
    state = Mutex(State(width: width, free: width))
  }

  /// Lets more or fewer through from now on.
  package func set(width: Int) {
    precondition(width > 0)
    let next = state.withLock { state in
      state.free += width - state.width
      state.width = width
      let count = min(max(0, state.free), state.waiting.count)
      state.free -= count
      defer { state.waiting.removeFirst(count) }
      return state.waiting.prefix(count).map(\.continuation)
    }
    for continuation in next { continuation.resume(returning: true) }
  }

  /// Runs `body` when there is room; nil where the task was cancelled while it waited.
  package func pass<T>(_ body: () async throws -> T) async rethrows -> T? {
    guard await enter() else { return nil }
    defer { leave() }
    return try await body()
  }

  private func enter() async -> Bool {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          // The handler below finds nothing to cancel if it ran before this.
          if Task.isCancelled { return false }
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.waiting.append((ticket, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      cancel(ticket)
    }
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard !state.waiting.isEmpty, state.free >= 0 else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: true)
  }

  private func cancel(_ ticket: UInt64) {
    let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard let at = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
        return nil
      }
      return state.waiting.remove(at: at).continuation
    }
    waiting?.resume(returning: false)
  }
}
