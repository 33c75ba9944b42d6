extension RPCConnection {
  /// One stream's two halves.
  ///
  /// An opener's stream is over with END or RESET from the callee, a callee's with its own END or
  /// with RESET. Over means: no longer in ``RPCConnection/streams``.
  struct Stream: Sendable {
    let isOwn: Bool
    /// Longest message that may come in, or go out.
    let inboundBytesMax: Int

    // Out.
    var pending: FIFO<Message> = FIFO()
    var isWaiting = false
    var outputEnded = false
    /// The callee's END, once its messages are out.
    var end: Trailing?
    var creditMessages: Int
    /// Sizes of messages sent and not given back, oldest first.
    var outstanding: FIFO<Int> = FIFO()
    var outstandingBytes = 0

    // In.
    var partial: [UInt8] = []
    var isPartial = false
    var inputEnded = false
    var ungivenBytes = 0
    var ungivenMessages = 0
    var taken: (messages: Int, bytes: Int) = (0, 0)
  }

  struct Message: Sendable {
    var bytes: [UInt8]
    var isLast: Bool
  }

  struct Trailing: Sendable {
    var trailers: [UInt8]
  }

  /// What has its credit and waits for a record.
  enum Output: Sendable {
    /// A whole frame.
    case frame(stream: UInt32, bytes: [UInt8])
    /// A message, sent up to `offset`.
    case data(stream: UInt32, message: Message, offset: Int)
  }
}
