import Synchronization

/// Whether a one-time end (join or detach) was taken already.
final class StateBox: Sendable {
  private let ended = Mutex(false)

  /// The value before; true from the second call on.
  func takeEnd() -> Bool {
    ended.withLock { ended in
      defer { ended = true }
      return ended
    }
  }
}
