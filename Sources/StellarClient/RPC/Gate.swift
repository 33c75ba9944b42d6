import Synchronization

/// Lets a number of tasks through at a time; the others wait in the order of their coming.
final class Gate: Sendable {
  private struct State {
    var free: Int
    var nextTicket: UInt64 = 0
    var waiting: [(ticket: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
  }

  private let state: Mutex<State>

  init(width: Int) {
    precondition(width > 0)
    state = Mutex(State(free: width))
  }

  /// Runs `body` when there is room; nil where the task was cancelled while it waited.
  func pass<T>(_ body: () async -> T) async -> T? {
    guard await enter() else { return nil }
    defer { leave() }
    return await body()
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
      guard !state.waiting.isEmpty else {
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
