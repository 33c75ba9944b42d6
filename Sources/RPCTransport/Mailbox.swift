import FramedRPC
import NIOCore
import Synchronization

/// What tasks ask of a connection, taken in batches by its event loop.
///
/// One wake-up serves all that was posted before it. Bounded by the streams' own queues: a writer
/// waits, a reader posts once a message.
final class Mailbox: Sendable {
  enum Command: Sendable {
    case open(
      CallStream, MethodInfo, deadline: NIODeadline?, Headers, first: [UInt8]?, isLast: Bool)
    case send(CallStream, [UInt8], isLast: Bool)
    /// The opener's half-close.
    case finish(CallStream)
    /// The callee's end, with a last message before it.
    case end(CallStream, last: [UInt8]?, RPCError?)
    case reset(CallStream, RPCStatusCode)
    case consumed(CallStream, bytes: Int)
    /// Ends every call of the peer.
    case endAll(RPCError)
    case goAway(CloseCode, String)
    case close(CloseCode, String)
  }

  private struct State {
    var commands: [Command] = []
    var isScheduled = false
    var wake: (@Sendable () -> Void)?
    var isClosed = false
  }

  private let state = Mutex(State())

  /// `wake` makes the event loop call ``take()`` soon.
  func open(wake: @escaping @Sendable () -> Void) {
    let isWaiting = state.withLock { state in
      state.wake = wake
      state.isScheduled = !state.commands.isEmpty
      return state.isScheduled
    }
    if isWaiting { wake() }
  }

  func post(_ command: Command) {
    let (wake, isClosed) = state.withLock { state -> ((@Sendable () -> Void)?, Bool) in
      guard !state.isClosed else { return (nil, true) }
      state.commands.append(command)
      guard !state.isScheduled, let wake = state.wake else { return (nil, false) }
      state.isScheduled = true
      return (wake, false)
    }
    wake?()
    if isClosed, case .open(let stream, _, _, _, _, _) = command {
      stream.finish(RPCError(.unavailable, "the connection is closed"))
    }
  }

  func take() -> [Command] {
    state.withLock { state in
      state.isScheduled = false
      defer { state.commands = [] }
      return state.commands
    }
  }

  /// Nothing is taken from now on; what waits is returned.
  func close() -> [Command] {
    state.withLock { state in
      state.isClosed = true
      state.wake = nil
      defer { state.commands = [] }
      return state.commands
    }
  }
}
