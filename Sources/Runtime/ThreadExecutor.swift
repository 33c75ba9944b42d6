import Glibc
import Synchronization

/// A serial executor on a thread of its own, for actors whose work blocks (libpq).
///
/// The owner calls ``stop()`` in its `deinit`; jobs queued until then still run. The thread holds
/// the executor until it has stopped.
package final class ThreadExecutor: SerialExecutor {
  private let queue = Mutex(Queue())
  private let wake: Wake

  private struct Queue {
    var jobs: [UnownedJob] = []
    var stopped = false
    var thread: pthread_t?
  }

  package init(name: String) {
    wake = Wake()
    _ = OwnThread(name: name) { [self] in run() }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.withLock { $0.jobs.append(job) }
    wake.signal()
  }

  /// Lets the thread end once its queue is empty.
  package func stop() {
    queue.withLock { $0.stopped = true }
    wake.signal()
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }

  package func checkIsolated() {
    let thread = queue.withLock { $0.thread }
    precondition(thread == pthread_self(), "not on this executor's thread")
  }

  private func run() {
    let me = pthread_self()
    queue.withLock { $0.thread = me }
    while true {
      let (jobs, stopped) = queue.withLock { queue in
        defer { queue.jobs.removeAll(keepingCapacity: true) }
        return (queue.jobs, queue.stopped)
      }
      for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
      if jobs.isEmpty {
        if stopped { return }
        wake.wait()
      }
    }
  }
}
