import CProcess
import Glibc

/// A plain thread for work that blocks or never ends and so must stay off Swift's cooperative pool.
///
/// The thread is joinable: ``join()`` waits for its end, once; without it the thread is detached
/// when the last reference goes.
package final class OwnThread: Sendable {
  private let thread: pthread_t
  private let state: StateBox

  /// Starts the thread at once. `name` is what `top -H` shows (15 bytes at most).
  package init(name: String, _ body: @escaping @Sendable () -> Void) {
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { raw in
        // Balances the passRetained above: the new thread owns its start block.
        let start = Unmanaged<Start>.fromOpaque(raw!).takeRetainedValue()
        start.setName()
        start.body()
        return nil
      }, start.toOpaque())
    precondition(status == 0, "no thread could be started: \(String(cString: strerror(status)))")
    self.thread = thread
    state = StateBox()
  }

  deinit { if !state.takeEnd() { pthread_detach(thread) } }

  /// Blocks the caller until the thread's body has returned. A second call returns at once.
  package func join() {
    if !state.takeEnd() { pthread_join(thread, nil) }
  }

  private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }

    /// Not by /proc: there the names of a program that forbids core dumps are root's to write.
    func setName() { cprocess_name_thread(name) }
  }
}
