import Synchronization

/// A result that is given once and waited for once.
///
/// States: empty → waiting or done → taken. Giving a second result does nothing.
final class Completion<Value: Sendable>: Sendable {
  private enum State {
    case empty
    case waiting(CheckedContinuation<Value, Never>)
    case done(Value)
    case taken
  }

  private let state = Mutex(State.empty)

  /// Resumes the continuation with the result, now or later. Called once.
  func wait(_ continuation: CheckedContinuation<Value, Never>) {
    let ready: Value? = state.withLock { state in
      switch state {
      case .empty:
        state = .waiting(continuation)
        return nil
      case .done(let value):
        state = .taken
        return value
      case .waiting, .taken: preconditionFailure("a completion is waited for once")
      }
    }
    if let ready { continuation.resume(returning: ready) }
  }

  func complete(_ value: Value) {
    let waiter: CheckedContinuation<Value, Never>? = state.withLock { state in
      switch state {
      case .empty:
        state = .done(value)
        return nil
      case .waiting(let continuation):
        state = .taken
        return continuation
      case .done, .taken: return nil
      }
    }
    waiter?.resume(returning: value)
  }
}
