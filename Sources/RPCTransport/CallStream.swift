import FramedRPC
import Synchronization

/// One call's two queues, between its task and the connection's event loop.
///
/// In: messages wait here until the application takes them; the connection's credit bounds them.
/// Out: a writer waits while more than ``TransportLimits`` allows is queued.
final class CallStream: Sendable {
  private enum Input {
    case open
    /// Nil: ended well.
    case over(RPCError?)
  }

  private struct State {
    var id: UInt32?
    var messages: [[UInt8]] = []
    var input = Input.open
    var reader: CheckedContinuation<Result<[UInt8]?, RPCError>, Never>?
    /// Why nothing can be written any more.
    var outputOver: RPCError?
    var queuedMessages = 0
    var queuedBytes = 0
    var writers: [CheckedContinuation<RPCError?, Never>] = []
    var task: Task<Void, Never>?
    var isOver = false

    var isFull: Bool {
      queuedMessages > TransportLimits.queuedMessagesMax
        || queuedBytes > TransportLimits.queuedBytesMax
    }
  }

  let mailbox: Mailbox
  private let state: Mutex<State>

  init(mailbox: Mailbox, id: UInt32? = nil) {
    self.mailbox = mailbox
    state = Mutex(State(id: id))
  }

  var id: UInt32? { state.withLock { $0.id } }

  func assign(id: UInt32) { state.withLock { $0.id = id } }

  // MARK: The application's side

  /// The next message, or nil at the end. One reader at a time.
  func next() async throws(RPCError) -> [UInt8]? {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let now: Result<[UInt8]?, RPCError>? = state.withLock { state in
          precondition(state.reader == nil, "two readers of one stream")
          if !state.messages.isEmpty { return .success(state.messages.removeFirst()) }
          switch state.input {
          case .over(nil): return .success(nil)
          case .over(let error?): return .failure(error)
          case .open:
            state.reader = continuation
            return nil
          }
        }
        if let now { continuation.resume(returning: now) }
      }
    } onCancel: {
      failInput(RPCError(.cancelled, "the task was cancelled"))
    }
    let message = try result.get()
    if let message { mailbox.post(.consumed(self, bytes: message.count)) }
    return message
  }

  /// Queues a message and waits while the queue is full.
  func write(_ message: [UInt8]) async throws(RPCError) {
    let error = state.withLock { state -> RPCError? in
      guard state.outputOver == nil else { return state.outputOver }
      state.queuedMessages += 1
      state.queuedBytes += message.count
      return nil
    }
    if let error { throw error }
    mailbox.post(.send(self, message, isLast: false))
    try await waitForSpace()
  }

  private func waitForSpace() async throws(RPCError) {
    guard state.withLock({ $0.isFull && $0.outputOver == nil }) else { return }
    let error = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let now: RPCError?? = state.withLock { state in
          if let error = state.outputOver { return .some(error) }
          guard state.isFull else { return .some(nil) }
          state.writers.append(continuation)
          return nil
        }
        if let now { continuation.resume(returning: now) }
      }
    } onCancel: {
      failOutput(RPCError(.cancelled, "the task was cancelled"))
    }
    if let error { throw error }
  }

  /// The call's own task, cancelled when the peer or the deadline ends the call.
  func run(_ body: @escaping @Sendable () async -> Void) {
    let isOver = state.withLock { state in
      if !state.isOver { state.task = Task { await body() } }
      return state.isOver
    }
    precondition(!isOver, "a call ended before it began")
  }

  // MARK: The connection's side

  /// False where nobody will take it.
  func deliver(_ message: [UInt8]) -> Bool {
    let (taken, reader) = state.withLock {
      state -> (Bool, CheckedContinuation<Result<[UInt8]?, RPCError>, Never>?) in
      guard case .open = state.input else { return (false, nil) }
      if let reader = state.reader {
        state.reader = nil
        return (true, reader)
      }
      state.messages.append(message)
      return (true, nil)
    }
    reader?.resume(returning: .success(message))
    return taken
  }

  /// No more messages come in; nil: as it should be.
  func failInput(_ error: RPCError?) {
    let reader = state.withLock { state in
      if case .open = state.input { state.input = .over(error) }
      defer { state.reader = nil }
      return state.reader
    }
    guard let reader else { return }
    if let error {
      reader.resume(returning: .failure(error))
    } else {
      reader.resume(returning: .success(nil))
    }
  }

  func failOutput(_ error: RPCError) {
    let writers = state.withLock { state in
      if state.outputOver == nil { state.outputOver = error }
      defer { state.writers = [] }
      return state.writers
    }
    for writer in writers { writer.resume(returning: error) }
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
      else { return [CheckedContinuation<RPCError?, Never>]() }
      defer { state.writers = [] }
      return state.writers
    }
    for writer in writers { writer.resume(returning: nil) }
  }

  /// Messages nobody will take, so that their credit can be given back.
  func discard() -> [Int] {
    state.withLock { state in
      if case .open = state.input { state.input = .over(RPCError(.cancelled, "the call is over")) }
      defer { state.messages = [] }
      return state.messages.map(\.count)
    }
  }
}
