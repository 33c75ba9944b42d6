import FramedRPC
import Synchronization

/// One call's two queues, between its task and the connection's event loop.
///
/// In: messages wait here until the application takes them; the connection's credit bounds them.
/// Out: a writer waits while more than ``TransportLimits`` allows is queued. Each side touches the
/// other once a batch: the event loop rings a reader when all that a read brought lies here, and
/// takes all that was written since it last looked.
final class CallStream: Sendable {
  let mailbox: Mailbox
  private let state: Mutex<State>

  init(mailbox: Mailbox, id: UInt32? = nil, quiet: Quiet = .none) {
    self.mailbox = mailbox
    state = Mutex(State(id: id, quiet: quiet))
  }

  var id: UInt32? { state.withLock { $0.id } }

  func assign(id: UInt32, quiet: Quiet) {
    state.withLock { state in
      state.id = id
      state.quiet = quiet
    }
  }

  // MARK: The application's side

  /// The next message, or nil at the end. One reader at a time.
  func next() async throws(RPCError) -> [UInt8]? {
    while true {
      let (step, notice) = state.withLock { state in
        let step = state.takeMessage()
        return (step, state.noticeAfterTaking())
      }
      if let notice { mailbox.post(.attend(self), quietly: notice == .quiet) }
      switch step {
      case .message(let message): return message
      case .over(nil): return nil
      case .over(let error?): throw error
      case .wait: await waitForInput()
      }
    }
  }

  private func waitForInput() async {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let isThere = state.withLock { state in
          precondition(state.reader == nil, "two readers of one stream")
          guard state.hasNothing else { return true }
          state.reader = continuation
          return false
        }
        if isThere { continuation.resume() }
      }
    } onCancel: {
      failInput(RPCError(.cancelled, "the task was cancelled"))
    }
  }

  /// Queues a message and waits while the queue is full.
  func write(_ message: [UInt8]) async throws(RPCError) {
    let (error, isNews, isFull) = state.withLock { $0.write(message) }
    if let error { throw error }
    if isNews { mailbox.post(.attend(self)) }
    if isFull { try await waitForSpace() }
  }

  private func waitForSpace() async throws(RPCError) {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let mayGoOn = state.withLock { state in
          guard state.outputOver == nil, state.isFull else { return true }
          state.writers.append(continuation)
          return false
        }
        if mayGoOn { continuation.resume() }
      }
    } onCancel: {
      failOutput(RPCError(.cancelled, "the task was cancelled"))
    }
    if let error = state.withLock({ $0.outputOver }) { throw error }
  }

  /// The call's own task, cancelled when the peer or the deadline ends the call.
  func run(on executor: (any TaskExecutor)?, _ body: @escaping @Sendable () async -> Void) {
    let isOver = state.withLock { state in
      if !state.isOver { state.task = Task(executorPreference: executor) { await body() } }
      return state.isOver
    }
    precondition(!isOver, "a call ended before it began")
  }

  // MARK: The connection's side

  /// ``ring()`` is due after `.waitedFor`, once what came with the message is here too.
  enum Delivery { case refused, queued, waitedFor }

  func deliver(_ message: [UInt8]) -> Delivery { state.withLock { $0.deliver(message) } }

  func ring() {
    state.withLock { $0.takeReader() }?.resume()
  }

  /// What was written, and what was taken and is not given back yet.
  func takeWork() -> (id: UInt32?, messages: [[UInt8]], taken: Taken) {
    state.withLock { state in
      state.notice = nil
      return (state.id, state.takeOutbox(), state.takeTaken())
    }
  }

  /// No more messages come in; nil: as it should be.
  func failInput(_ error: RPCError?) {
    let reader = state.withLock { state in
      if case .open = state.input { state.input = .over(error) }
      return state.takeReader()
    }
    reader?.resume()
  }

  func failOutput(_ error: RPCError) {
    let writers = state.withLock { state in
      if state.outputOver == nil { state.outputOver = error }
      return state.takeWriters()
    }
    for writer in writers { writer.resume() }
  }

  /// The call is over for both halves.
  func finish(_ error: RPCError?) {
    failInput(error)
    failOutput(error ?? RPCError(.cancelled, "the call is over"))
    state.withLock { $0.isOver = true }
  }

  func cancelTask() { state.withLock { $0.task }?.cancel() }

  func sent(messages: Int, bytes: Int) {
    let writers = state.withLock { state in
      state.queuedMessages -= messages
      state.queuedBytes -= bytes
      guard state.queuedMessages <= TransportLimits.queuedMessagesMax / 2,
        state.queuedBytes <= TransportLimits.queuedBytesMax / 2
      else { return [UnsafeContinuation<Void, Never>]() }
      return state.takeWriters()
    }
    for writer in writers { writer.resume() }
  }

  /// What nobody will take, so that its credit can be given back.
  func discard() -> Taken {
    state.withLock { state in
      if case .open = state.input { state.input = .over(RPCError(.cancelled, "the call is over")) }
      while case .message = state.takeMessage() {}
      return state.takeTaken()
    }
  }
}
