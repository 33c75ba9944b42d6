import FramedRPC

extension CallStream {
  /// Messages and their bytes.
  struct Taken: Sendable {
    var messages = 0
    var bytes = 0
  }

  /// How much credit a stream may keep to itself until the event loop looks anyway.
  ///
  /// What all streams keep together must never be what the peer waits for. ``Mailbox/quietMax``
  /// streams keep at most an eighth of the connection's credit; ``RPCConnection`` keeps at most a
  /// quarter; the largest message needs half.
  struct Quiet: Sendable {
    var messages: Int
    var bytes: Int

    /// Everything is told at once.
    static let none = Quiet(messages: 0, bytes: 0)

    init(messages: Int, bytes: Int) { (self.messages, self.bytes) = (messages, bytes) }

    init(_ terms: RPCConnection.Terms, inboundBytesMax: Int) {
      let bytes = terms.connectionCreditBytes / (8 * Mailbox.quietMax)
      // Of a stream's half, what is kept and its largest message must both find room.
      let fits = bytes + inboundBytesMax <= terms.connectionCreditBytes / 2
      self = fits ? Quiet(messages: terms.streamCreditMessages / 2, bytes: bytes) : .none
    }
  }

  /// What the mailbox was told.
  enum Notice { case quiet, loud }

  enum Input {
    case open
    /// Nil: ended well.
    case over(RPCError?)
  }

  enum Step {
    case message([UInt8])
    case over(RPCError?)
    case wait
  }

  /// Under the stream's lock.
  struct State {
    var id: UInt32?
    var quiet: Quiet
    var notice: Notice?

    // In.
    private var inbox = FIFO<[UInt8]>()
    private var taken = Taken()
    var input = Input.open
    var reader: UnsafeContinuation<Void, Never>?
    private var isToBeRung = false

    // Out.
    private var outbox: [[UInt8]] = []
    /// Why nothing can be written any more.
    var outputOver: RPCError?
    /// Written and not yet with its credit, here and in the connection.
    var queuedMessages = 0
    var queuedBytes = 0
    var writers: [UnsafeContinuation<Void, Never>] = []

    var task: Task<Void, Never>?
    var isOver = false

    init(id: UInt32?, quiet: Quiet) {
      self.id = id
      self.quiet = quiet
    }

    var isFull: Bool {
      queuedMessages > TransportLimits.queuedMessagesMax
        || queuedBytes > TransportLimits.queuedBytesMax
    }

    /// Whether a reader has to wait.
    var hasNothing: Bool {
      guard case .open = input else { return false }
      return inbox.isEmpty
    }

    mutating func takeMessage() -> Step {
      guard inbox.isEmpty else {
        let message = inbox.removeFirst()
        taken.messages += 1
        taken.bytes += message.count
        return .message(message)
      }
      guard case .over(let error) = input else { return .wait }
      return .over(error)
    }

    /// What the mailbox has to be told now.
    mutating func noticeAfterTaking() -> Notice? {
      guard taken.messages > 0, notice != .loud else { return nil }
      if taken.messages >= quiet.messages || taken.bytes >= quiet.bytes {
        notice = .loud
        return .loud
      }
      guard notice == nil else { return nil }
      notice = .quiet
      return .quiet
    }

    mutating func write(_ message: [UInt8]) -> (error: RPCError?, isNews: Bool, isFull: Bool) {
      if let outputOver { return (outputOver, false, false) }
      queuedMessages += 1
      queuedBytes += message.count
      outbox.append(message)
      let isNews = notice != .loud
      notice = .loud
      return (nil, isNews, isFull)
    }

    mutating func deliver(_ message: [UInt8]) -> Delivery {
      guard case .open = input else { return .refused }
      inbox.append(message)
      guard reader != nil, !isToBeRung else { return .queued }
      isToBeRung = true
      return .waitedFor
    }

    mutating func takeReader() -> UnsafeContinuation<Void, Never>? {
      isToBeRung = false
      defer { reader = nil }
      return reader
    }

    mutating func takeWriters() -> [UnsafeContinuation<Void, Never>] {
      guard !writers.isEmpty else { return [] }
      defer { writers = [] }
      return writers
    }

    mutating func takeOutbox() -> [[UInt8]] {
      guard !outbox.isEmpty else { return [] }
      defer { outbox = [] }
      return outbox
    }

    mutating func takeTaken() -> Taken {
      defer { taken = Taken() }
      return taken
    }
  }
}
