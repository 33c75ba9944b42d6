import FramedRPC
import NIOCore
import Synchronization

/// What tasks ask of a connection, taken in batches by its event loop.
///
/// One wake-up serves all that was posted before it. Bounded by the streams' own queues: a stream
/// stands here about once, and a writer waits.
final class Mailbox: Sendable {
  enum Command: Sendable {
    indirect case open(
      CallStream, MethodInfo, deadline: NIODeadline?, Headers, first: [UInt8]?, isLast: Bool)
    /// The stream has messages to send, or credit to give back.
    case attend(CallStream)
    /// The opener's half-close.
    case finish(CallStream)
    /// The callee's end, with a last message before it.
    indirect case end(CallStream, last: [UInt8]?, RPCError?)
    case reset(CallStream, RPCStatusCode)
    /// Ends every call of the peer.
    indirect case endAll(RPCError)
    case goAway(CloseCode, String)
    case close(CloseCode, String)
  }

  /// Streams that wait without a wake-up; with more, the credit they keep would be felt.
  static let quietMax = 8

  private struct State {
    var commands: [Command] = []
    var quiet = 0
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

  /// - Parameter quietly: it may wait for the event loop's next look, whatever causes that.
  func post(_ command: Command, quietly: Bool = false) {
    let (wake, isClosed) = state.withLock { state -> ((@Sendable () -> Void)?, Bool) in
      guard !state.isClosed else { return (nil, true) }
      state.commands.append(command)
      if quietly {
        state.quiet += 1
        guard state.quiet > Self.quietMax else { return (nil, false) }
      }
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
      state.quiet = 0
      guard !state.commands.isEmpty else { return [] }
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
