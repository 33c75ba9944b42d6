import Glibc

/// State that several threads work on, one at a time, and whose change they can wait for.
///
/// A `Mutex` from Synchronization has no condition to wait on; hence pthread's.
final class Monitor<State>: @unchecked Sendable {
  // Sendable because the variables are touched between lock and unlock only; the two pthread objects are made
  // for use from any thread and never move.
  private var state: State
  private var waiting = 0
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(_ state: sending State) {
    self.state = state
    precondition(pthread_mutex_init(mutex, nil) == 0, "no mutex")
    precondition(pthread_cond_init(changed, nil) == 0, "no condition")
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  func withLock<R>(_ body: (inout State) -> sending R) -> sending R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&state)
  }

  /// Like ``withLock(_:)``, and then wakes everybody who waits.
  func change<R>(_ body: (inout State) -> sending R) -> sending R {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
    }
    return body(&state)
  }

  /// Calls `body` until it returns something, now and after each ``change(_:)``. If the state then has
  /// more to do, by `hasMore`, one of those who wait is woken for it.
  func wait<R>(
    hasMore: (State) -> Bool = { _ in false }, _ body: (inout State) -> sending R?
  ) -> sending R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      let result = body(&state)
      if waiting > 0 && hasMore(state) { pthread_cond_signal(changed) }
      if let result { return result }
      waiting += 1
      pthread_cond_wait(changed, mutex)
      waiting -= 1
    }
  }
}
