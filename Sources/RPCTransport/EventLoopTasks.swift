import NIOCore

/// Runs tasks on an event loop, so that a call's handler meets its connection without a change of
/// thread.
///
/// For handlers that neither block nor compute for long: all connections of the loop wait for them.
final class EventLoopTasks: TaskExecutor {
  private let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
