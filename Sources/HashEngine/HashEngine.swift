import Bytes
import CKeccak
import Glibc
import Runtime

/// Searches nonces for many farmers at once, on threads of its own.
///
/// The engine is told what to do by the full set of jobs (``update(_:)``) and tells what it finds by two
/// callbacks. These run on its threads, outside any lock, possibly several at once and in either
/// order: they should be quick, and must not block. All else is the ``Schedule``'s decision.
package final class HashEngine: Sendable {
  package let kernel: HashKernel
  /// How many threads search.
  package let threads: Int
  let settings: Settings
  let shared: Monitor<Shared>
  let onImprovement: @Sendable (Improvement) -> Void
  let onEnd: @Sendable (JobEnd) -> Void

  /// How much of the machine to take.
  package struct Settings: Sendable {
    /// Threads; nil for one on each processor the process may use.
    package var threads: Int?
    /// The way to search; nil for the fastest. It must be supported here.
    package var kernel: HashKernel?
    /// The part of each thread's time that is spent searching: 1 … 100.
    package var cpuPercent = 100
    /// Nice level of the threads, −20 … 19; nil for the process's own.
    package var niceLevel: Int?
    /// Bind each thread to its own processor. Only where there is one thread for each: with fewer,
    /// two programs would both sit on the first processors and leave the others idle.
    package var isPinned = true

    package init() {}
  }

  struct Shared {
    var schedule: Schedule
    var isStopped = true
    var running: [OwnThread] = []
  }

  package init(
    _ settings: Settings = Settings(),
    onEnd: @escaping @Sendable (JobEnd) -> Void = { _ in },
    onImprovement: @escaping @Sendable (Improvement) -> Void
  ) {
    self.settings = settings
    kernel = settings.kernel ?? .fastest
    threads = settings.threads ?? ThreadPlacement.processors.count
    precondition(kernel.isSupported, "this processor has no \(kernel.rawValue)")
    shared = Monitor(Shared(schedule: Schedule(threads: threads)))
    self.onEnd = onEnd
    self.onImprovement = onImprovement
  }

  /// Uses `threads` threads (nil: one a processor) of the fastest kernel unless told otherwise.
  package convenience init(
    threads: Int?, kernel: HashKernel? = nil,
    onImprovement: @escaping @Sendable (Improvement) -> Void
  ) {
    var settings = Settings()
    settings.threads = threads
    settings.kernel = kernel
    self.init(settings, onImprovement: onImprovement)
  }

  /// Starts the threads. They hold the engine until ``stop()``.
  package func start() {
    let processors = ThreadPlacement.processors
    let isPinned = settings.isPinned && threads == processors.count
    shared.withLock { shared in
      guard shared.isStopped else { return }
      shared.isStopped = false
      shared.running = (0..<threads).map { index in
        OwnThread(name: "hash-\(index)") { [self] in
          if let level = settings.niceLevel { ThreadPlacement.setNice(level) }
          if isPinned { ThreadPlacement.pin(to: processors[index]) }
          search()
        }
      }
    }
  }

  /// Ends the threads and waits for them, some milliseconds (a resting thread 100 ms at most). Jobs and
  /// counts stay. Must not be called from a callback.
  package func stop() {
    let threads = shared.change { shared in
      defer { shared.running = [] }
      shared.isStopped = true
      return shared.running
    }
    for thread in threads { thread.join() }
  }

  /// Makes `jobs` the whole set of jobs: new ones start at once, absent ones are dropped, after which no
  /// improvement is told for them; their last portion ends within some 2 ms. See
  /// ``Schedule/update(_:)``.
  package func update(_ jobs: [HashJob]) {
    let ends = shared.change { shared in
      shared.schedule.update(jobs)
      return shared.schedule.takeEnds()
    }
    for end in ends { onEnd(end) }
  }

  /// The hashes made for each job of the set, portions under way not counted. A dropped job's count
  /// comes once more, with its ``JobEnd``.
  package func hashesDone() -> [UInt64: UInt64] { shared.withLock { $0.schedule.hashesDone() } }

  /// The same for one job, at a cost that does not grow with their number; 0 for one not in the set.
  package func hashesDone(for jobID: UInt64) -> UInt64 {
    shared.withLock { $0.schedule.hashesDone(for: jobID) }
  }

  package func status() -> EngineStatus {
    shared.withLock { EngineStatus($0.schedule, kernel: kernel) }
  }
}
