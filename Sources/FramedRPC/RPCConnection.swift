/// One connection's streams, credits and frames: all decisions, no I/O and no clock.
///
/// The driver gives it the plain texts of records (``receive(_:nowMs:)``) and the application's
/// wishes, acts on the events it returns, and sends what ``nextPlain()`` gives until that is nil.
///
/// Invariants:
/// 1. A message's whole credit, of its stream and of the connection, is taken before its first byte
///    goes out. Taken piece by piece, large messages would wait for each other for ever.
/// 2. Bytes of one stream not given back are at most half the connection's credit, so that one
///    stalled reader stops nobody else.
/// 3. Every byte of DATA received is given back once: when the application took its message, or
///    when it is dropped.
/// 4. Frames of one stream go out in the order OPEN, DATA, END or RESET.
package struct RPCConnection: Sendable {
  /// The agent opens odd streams, the server even ones.
  package enum Role: Sendable {
    case agent
    case server

    fileprivate var parity: UInt32 { self == .agent ? 1 : 0 }
  }

  /// What READY settled, for both directions.
  package struct Terms: Sendable {
    package var streamsMax: Int
    package var connectionCreditBytes: Int
    package var streamCreditMessages: Int
    package var messageBytesMax: Int

    package init(
      streamsMax: Int, connectionCreditBytes: Int, streamCreditMessages: Int, messageBytesMax: Int
    ) {
      precondition(messageBytesMax * 2 <= connectionCreditBytes)
      self.streamsMax = streamsMax
      self.connectionCreditBytes = connectionCreditBytes
      self.streamCreditMessages = streamCreditMessages
      self.messageBytesMax = messageBytesMax
    }
  }

  /// What the driver tells the application.
  package enum Event: Sendable, Equatable {
    /// The peer opened a stream; an unknown method is to be ended with UNIMPLEMENTED.
    case opened(stream: UInt32, method: UInt16, remainingMs: UInt32, headers: Headers)
    case message(stream: UInt32, bytes: [UInt8])
    /// The peer, who opened the stream, sends no more messages on it.
    case inputEnded(stream: UInt32)
    /// The peer ended our call; nil is OK. The stream is over.
    case ended(stream: UInt32, error: RPCError?)
    /// The peer cut the stream off, or broke its limits. The stream is over.
    case reset(stream: UInt32, code: RPCStatusCode, message: String)
    /// Messages that left the queue: their writers may go on.
    case sent(stream: UInt32, messages: Int, bytes: Int)
    case goAway(code: UInt32, lastStream: UInt32, text: String)
    /// The next record has the next key.
    case rekeyed
    case closed(code: UInt32, lastStream: UInt32, text: String)
  }

  /// A record's content to be sealed.
  package struct Plain: Sendable {
    /// As much room as was asked for, then the plain text.
    package var bytes: [UInt8]
    /// It ends with REKEY.
    package var rekeys: Bool
    /// It ends with CLOSE: nothing goes out after it.
    package var closes: Bool
  }

  let role: Role
  package let terms: Terms
  let method: @Sendable (UInt16) -> MethodInfo?

  var streams: [UInt32: Stream] = [:]
  /// Highest stream each side opened.
  var lastOwn: UInt32 = 0
  var lastPeer: UInt32 = 0
  var ownStreams = 0
  var peerStreams = 0
  /// No new streams of ours since the peer's GOAWAY, no new ones of the peer since ours.
  var peerGoesAway = false
  var goesAway = false

  // What we may send.
  var creditBytes: Int
  /// Streams whose first pending message has its stream's credit and waits for the connection's.
  var waiting: FIFO<UInt32> = FIFO()
  var ready: FIFO<Output> = FIFO()
  var control: [UInt8] = []
  var wantsRekey = false
  var closing: [UInt8]?
  var isClosed = false
  /// Streams of which messages left the queue since the driver was last told.
  var streamsSent: [UInt32] = []

  // What the peer may send.
  /// Received and not yet given back.
  var ungivenBytes = 0
  /// Of these, taken by the application but not yet told the peer.
  var creditToGive = 0
  var streamsToCredit: Set<UInt32> = []

  // Against floods.
  var controlFrames = RateBucket(per10s: RPCLimits.controlFramesPer10s)
  /// What comes beyond them is borne for a while, for a peer that was told to calm down.
  var controlExcess = RateBucket(per10s: RPCLimits.controlFramesPer10s)
  var resets = RateBucket(per10s: RPCLimits.resetsPer10s)
  var dataFramesSent = 0
  var creditFramesReceived = 0
  /// Set by a record with REKEY or CLOSE: nothing but padding may follow in it, nor after CLOSE.
  var peerClosed = false

  /// - Parameter method: what this side serves, by id.
  package init(
    role: Role, terms: Terms, method: @escaping @Sendable (UInt16) -> MethodInfo? = { _ in nil }
  ) {
    self.role = role
    self.terms = terms
    self.method = method
    creditBytes = terms.connectionCreditBytes
  }

  var halfBytes: Int { terms.connectionCreditBytes / 2 }

  /// Longest message the peer may send to a method of this side.
  package func inboundBytesMax(of method: UInt16) -> Int {
    min(self.method(method)?.requestBytesMax ?? 0, terms.messageBytesMax)
  }

  func isOwn(_ stream: UInt32) -> Bool { stream & 1 == role.parity }

  /// CLOSE was asked for and is not out yet.
  package var wantsToClose: Bool { closing != nil && !isClosed }

  package var openStreams: Int { streams.count }

  /// The last stream number was used: what is to be opened needs a new connection.
  package var isOutOfStreams: Bool { lastOwn >= UInt32.max - 1 }

  /// The highest of the peer's streams that was opened here.
  package var lastPeerStream: UInt32 { lastPeer }
}
