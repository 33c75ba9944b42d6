import Synchronization

/// So many may be in at once; who comes later waits, in order.
final class Places: Sendable {
  private struct State {
    var free: Int
    var waiting: [UnsafeContinuation<Void, Never>] = []
    var head = 0
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(free: count)) }

  func take() async {
    await withUnsafeContinuation { continuation in
      let isIn = state.withLock { state in
        guard state.free > 0 else {
          state.waiting.append(continuation)
          return false
        }
        state.free -= 1
        return true
      }
      if isIn { continuation.resume() }
    }
  }

  func giveBack() {
    let next = state.withLock { state -> UnsafeContinuation<Void, Never>? in
      guard state.head < state.waiting.count else {
        state.waiting.removeAll(keepingCapacity: true)
        state.head = 0
        state.free += 1
        return nil
      }
      state.head += 1
      return state.waiting[state.head - 1]
    }
    next?.resume()
  }
}
