import Synchronization

/// Fires once; whoever waits, before or after, learns how.
final class EndSignal: Sendable {
  private enum State {
    case waiting([UInt64: CheckedContinuation<SessionEnd?, Never>], cancelled: Set<UInt64>)
    case fired(SessionEnd)
  }

  private let state = Mutex(State.waiting([:], cancelled: []))
  private let next = Atomic<UInt64>(0)

  var value: SessionEnd? {
    state.withLock { if case .fired(let end) = $0 { end } else { nil } }
  }

  func fire(_ end: SessionEnd) {
    let waiters = state.withLock { state -> [CheckedContinuation<SessionEnd?, Never>] in
      guard case .waiting(let waiters, _) = state else { return [] }
      state = .fired(end)
      return Array(waiters.values)
    }
    for waiter in waiters { waiter.resume(returning: end) }
  }

  /// Nil when the task is cancelled first.
  func wait() async -> SessionEnd? {
    let id = next.wrappingAdd(1, ordering: .relaxed).newValue
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let now: SessionEnd?? = state.withLock { state in
          switch state {
          case .fired(let end): return .some(end)
          case .waiting(var waiters, var cancelled):
            if cancelled.remove(id) != nil {
              state = .waiting(waiters, cancelled: cancelled)
              return .some(nil)
            }
            waiters[id] = continuation
            state = .waiting(waiters, cancelled: cancelled)
            return nil
          }
        }
        if let now { continuation.resume(returning: now) }
      }
    } onCancel: {
      let waiter = state.withLock { state -> CheckedContinuation<SessionEnd?, Never>? in
        guard case .waiting(var waiters, var cancelled) = state else { return nil }
        let waiter = waiters.removeValue(forKey: id)
        if waiter == nil { cancelled.insert(id) }
        state = .waiting(waiters, cancelled: cancelled)
        return waiter
      }
      waiter?.resume(returning: nil)
    }
  }
}
