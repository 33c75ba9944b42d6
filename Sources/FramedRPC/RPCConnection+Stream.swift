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

  /// The application took messages; true where their credit is the stream's to give back.
  mutating func take(messages: Int, bytes: Int) -> Bool {
    guard !inputEnded else { return false }
    taken.messages += messages
    taken.bytes += bytes
    return true
  }
}

/// The way out. All of it changes the stream where it lies: reading a field through the dictionary
/// would copy the stream first.
extension RPCConnection.Stream {
  enum Sending {
    case ignored
    /// Gone to the records; `isNews`: the driver has not been told of others before it.
    case committed(isNews: Bool)
    case pending
  }

  /// - Parameter isFirst: no stream waits, and the connection's credit covers the message.
  mutating func send(_ message: RPCConnection.Message, isFirst: Bool, _ terms: RPCConnection.Terms)
    -> Sending
  {
    guard !outputEnded else { return .ignored }
    precondition(!message.isLast || isOwn)
    outputEnded = message.isLast
    // The usual case: nothing waits, and there is credit.
    if isFirst, pending.isEmpty, creditMessages > 0, isBelowHalf(with: message, terms) {
      return .committed(isNews: commit(message.bytes.count))
    }
    pending.append(message)
    return .pending
  }

  enum SendingFirst {
    case nothing
    /// One stream may hold no more than half of the connection's credit.
    case atHalf
    case lacksCredit
    case committed(RPCConnection.Message, isNews: Bool, isToEnd: Bool)
  }

  /// Sends the first message that waits.
  mutating func sendFirst(credit: Int, _ terms: RPCConnection.Terms) -> SendingFirst {
    guard let message = pending.first else { return .nothing }
    guard isBelowHalf(with: message, terms) else { return .atHalf }
    guard credit >= message.bytes.count else { return .lacksCredit }
    _ = pending.removeFirst()
    isWaiting = false
    let isNews = commit(message.bytes.count)
    return .committed(message, isNews: isNews, isToEnd: end != nil && pending.isEmpty)
  }

  /// Whether its next message waits for the connection's credit from now on.
  mutating func beginWaiting() -> Bool {
    guard !isWaiting, !pending.isEmpty, creditMessages > 0 else { return false }
    isWaiting = true
    return true
  }

  private func isBelowHalf(with message: RPCConnection.Message, _ terms: RPCConnection.Terms)
    -> Bool
  {
    outstandingBytes + message.bytes.count <= terms.connectionCreditBytes / 2
  }

  /// Takes a message's credit.
  private mutating func commit(_ bytes: Int) -> Bool {
    let isNews = sent.messages == 0
    creditMessages -= 1
    outstanding.append(bytes)
    outstandingBytes += bytes
    sent.messages += 1
    sent.bytes += bytes
    return isNews
  }

  mutating func takeSent() -> (messages: Int, bytes: Int) {
    defer { sent = (0, 0) }
    return sent
  }

  mutating func takeCredit(_ messages: Int) throws(ProtocolBreach) {
    guard creditMessages + messages <= RPCLimits.creditMax else {
      throw ProtocolBreach(.credit, "a stream's credit overflows")
    }
    creditMessages += messages
    for _ in 0..<min(messages, outstanding.count) {
      outstandingBytes -= outstanding.removeFirst()
    }
  }
}
