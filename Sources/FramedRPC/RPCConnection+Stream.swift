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
    /// Of what left the queue, not yet told the driver.
    var sent: (messages: Int, bytes: Int) = (0, 0)

    // In.
    var partial: [UInt8] = []
    var isPartial = false
    var inputEnded = false
    var ungivenBytes = 0
    var ungivenMessages = 0
    var taken: (messages: Int, bytes: Int) = (0, 0)
  }

  /// What a DATA frame made.
  enum Received {
    case part
    case message([UInt8])
    /// Nothing was taken; so many bytes of the message had come before.
    case tooLong(partialBytes: Int)
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

extension RPCConnection.Stream {
  mutating func receive(
    _ payload: ArraySlice<UInt8>, more: Bool, isLast: Bool, _ terms: RPCConnection.Terms
  ) throws(ProtocolBreach) -> RPCConnection.Received {
    guard !inputEnded else {
      throw ProtocolBreach(.protocolError, "DATA after the stream's last")
    }
    guard !isLast || !isOwn else { throw ProtocolBreach(.protocolError, "LAST from the callee") }
    if !isPartial { ungivenMessages += 1 }
    ungivenBytes += payload.count
    guard ungivenMessages <= terms.streamCreditMessages,
      ungivenBytes <= terms.connectionCreditBytes / 2
    else { throw ProtocolBreach(.credit, "more than the stream's credit") }
    guard partial.count + payload.count <= inboundBytesMax else {
      isPartial = false
      return .tooLong(partialBytes: partial.count)
    }
    inputEnded = isLast
    if more {
      isPartial = true
      partial += payload
      return .part
    }
    guard isPartial else { return .message(Array(payload)) }
    isPartial = false
    partial += payload
    defer { partial = [] }
    return .message(partial)
  }

  func creditIsDue(_ terms: RPCConnection.Terms) -> Bool {
    ungivenMessages > terms.streamCreditMessages / 2
      || ungivenBytes + inboundBytesMax > terms.connectionCreditBytes / 2
  }

  mutating func takeCredit(_ messages: Int) {
    creditMessages += messages
    for _ in 0..<min(messages, outstanding.count) {
      outstandingBytes -= outstanding.removeFirst()
    }
  }

  /// Whether its next message may wait for the connection's credit.
  var mayWait: Bool { !isWaiting && !pending.isEmpty && creditMessages > 0 }

  func isBelowHalf(with message: RPCConnection.Message, _ terms: RPCConnection.Terms) -> Bool {
    outstandingBytes + message.bytes.count <= terms.connectionCreditBytes / 2
  }

  /// Whether a new message has its stream's credit and none is before it.
  func canCommit(_ message: RPCConnection.Message, _ terms: RPCConnection.Terms) -> Bool {
    pending.isEmpty && creditMessages > 0 && isBelowHalf(with: message, terms)
  }

  /// A message leaves for the records: its credit is taken.
  mutating func commit(_ bytes: Int) {
    creditMessages -= 1
    outstanding.append(bytes)
    outstandingBytes += bytes
    sent.messages += 1
    sent.bytes += bytes
  }
}
