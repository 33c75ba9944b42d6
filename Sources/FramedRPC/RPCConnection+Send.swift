extension RPCConnection {
  /// Opens a stream; its number is the call's name from then on.
  package mutating func open(
    _ info: MethodInfo, remainingMs: UInt32, headers: Headers = Headers(), isLast: Bool = false
  ) throws(RPCError) -> UInt32 {
    guard !isClosed, closing == nil, !peerClosed, !peerGoesAway else {
      throw RPCError(.unavailable, "the connection is closing")
    }
    guard ownStreams < terms.streamsMax else {
      throw RPCError(.resourceExhausted, "\(terms.streamsMax) calls are open already")
    }
    let first: UInt32 = role == .agent ? 1 : 2
    guard !isOutOfStreams else {
      throw RPCError(.unavailable, "no stream numbers are left: connect anew")
    }
    let id = lastOwn == 0 ? first : lastOwn + 2
    lastOwn = id
    var stream = Stream(
      isOwn: true, inboundBytesMax: min(info.responseBytesMax, terms.messageBytesMax),
      creditMessages: terms.streamCreditMessages)
    stream.outputEnded = isLast
    streams[id] = stream
    ownStreams += 1
    var payload: [UInt8] = []
    payload.append(bigEndian: info.id)
    payload.append(bigEndian: remainingMs)
    payload += headers.encoded()
    var bytes: [UInt8] = []
    Frame(.open, flags: isLast ? Frame.last : 0, stream: id, payload: payload[...])
      .append(to: &bytes)
    ready.append(.frame(stream: id, bytes: bytes))
    return id
  }

  /// Queues a message, at most the terms' largest. Ignored on a stream that is over: the driver
  /// learns of that by its event. `isLast`: the opener half-closes with it.
  package mutating func send(_ message: [UInt8], on id: UInt32, isLast: Bool = false) {
    precondition(message.count <= terms.messageBytesMax, "checked by the caller")
    guard let at = streams.index(forKey: id) else { return }
    let message = Message(bytes: message, isLast: isLast)
    let isFirst = waiting.isEmpty && creditBytes >= message.bytes.count
    switch streams.values[at].send(message, isFirst: isFirst, terms) {
    case .ignored: break
    case .committed(let isNews): committed(message, of: id, isNews: isNews)
    case .pending:
      enqueue(id)
      pump()
    }
  }

  private mutating func committed(_ message: Message, of id: UInt32, isNews: Bool) {
    creditBytes -= message.bytes.count
    if isNews { streamsSent.append(id) }
    ready.append(.data(stream: id, message: message, offset: 0))
  }

  /// The opener's half-close, after the messages queued before.
  package mutating func finish(_ id: UInt32) {
    guard var stream = streams[id], !stream.outputEnded else { return }
    precondition(stream.isOwn)
    stream.outputEnded = true
    stream.end = Trailing(trailers: [])
    streams[id] = stream
    emitEnd(id)
  }

  /// The callee's END, after the messages queued before; with an error, those not yet started are
  /// left out.
  package mutating func end(_ id: UInt32, error: RPCError?) {
    guard var stream = streams[id], !stream.outputEnded else { return }
    precondition(!stream.isOwn)
    stream.outputEnded = true
    stream.end = Trailing(trailers: Trailers.encode(error))
    if error != nil { stream.pending.removeAll() }
    streams[id] = stream
    emitEnd(id)
  }

  /// Ends both halves at once.
  package mutating func reset(_ id: UInt32, _ code: RPCStatusCode) {
    guard streams[id] != nil else { return }
    queueReset(id, code)
    pump()
  }

  /// The application took (or will never take) messages of so many bytes together.
  package mutating func consumed(_ id: UInt32, messages: Int = 1, bytes: Int) {
    creditToGive += bytes
    guard let at = streams.index(forKey: id) else { return }
    if streams.values[at].take(messages: messages, bytes: bytes) { streamsToCredit.insert(id) }
  }

  package mutating func ping(_ payload: UInt64) {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: payload)
    Frame(.ping, payload: bytes[...]).append(to: &control)
  }

  /// No new streams of the peer from now on; those open run on.
  package mutating func goAway(_ code: CloseCode, _ text: String) {
    goesAway = true
    Frame(.goAway, payload: closePayload(code, text)[...]).append(to: &control)
  }

  /// The next record is the last under its key.
  package mutating func rekey() { wantsRekey = true }

  /// CLOSE, the last frame of this direction. What has its credit already still goes out unless
  /// the peer broke the protocol.
  package mutating func close(_ code: CloseCode, _ text: String) {
    guard closing == nil, !isClosed else { return }
    closing = closePayload(code, text)
    if [.protocolError, .credit, .limit].contains(code) { ready.removeAll() }
  }

  private func closePayload(_ code: CloseCode, _ text: String) -> [UInt8] {
    var payload: [UInt8] = []
    payload.append(bigEndian: code.rawValue)
    payload.append(bigEndian: lastPeer)
    return payload + Array(text.cut(toBytes: RPCLimits.closeTextBytesMax).utf8)
  }

  // MARK: Queues

  /// Lets the stream's first message wait for the connection's credit, once it has the stream's.
  mutating func enqueue(_ id: UInt32) {
    guard let at = streams.index(forKey: id) else { return }
    if streams.values[at].beginWaiting() { waiting.append(id) }
  }

  /// Commits waiting messages in order. One whose stream is at its half steps aside; one that the
  /// connection's credit does not cover holds the others back, or large ones would starve.
  mutating func pump() {
    guard !waiting.isEmpty else { return }
    var aside: [UInt32] = []
    while let id = waiting.first {
      guard let at = streams.index(forKey: id) else {
        _ = waiting.removeFirst()
        continue
      }
      let first = streams.values[at].sendFirst(credit: creditBytes, terms)
      if case .lacksCredit = first { break }
      _ = waiting.removeFirst()
      switch first {
      case .nothing, .lacksCredit: break
      case .atHalf: aside.append(id)
      case .committed(let message, let isNews, let isToEnd):
        committed(message, of: id, isNews: isNews)
        enqueue(id)
        if isToEnd { emitEnd(id) }
      }
    }
    guard !aside.isEmpty else { return }
    // They keep their place before those still waiting.
    while !waiting.isEmpty { aside.append(waiting.removeFirst()) }
    for id in aside { waiting.append(id) }
  }

  private mutating func emitEnd(_ id: UInt32) {
    guard let stream = streams[id], let end = stream.end, stream.pending.isEmpty else { return }
    var bytes: [UInt8] = []
    Frame(.end, stream: id, payload: end.trailers[...]).append(to: &bytes)
    ready.append(.frame(stream: id, bytes: bytes))
    if stream.isOwn {
      streams[id]?.end = nil
    } else {
      giveBackPartial(stream)
      forget(id)
    }
  }

  /// RESET after what went out of this stream; the rest of it is left out and its credit kept.
  mutating func queueReset(_ id: UInt32, _ code: RPCStatusCode) {
    remove(id)
    var payload: [UInt8] = []
    payload.append(bigEndian: code.rawValue)
    var bytes: [UInt8] = []
    Frame(.reset, stream: id, payload: payload[...]).append(to: &bytes)
    ready.append(.frame(stream: id, bytes: bytes))
  }

  /// The stream is over: what is not out of it stays here, except an OPEN the peer must see before
  /// any later frame of that number. An END goes with the message before it, part of which may be
  /// out: the peer would see it inside that message.
  mutating func remove(_ id: UInt32) {
    guard let stream = streams[id] else { return }
    giveBackPartial(stream)
    forget(id)
    var refund = 0
    ready.filter { output in
      switch output {
      case .data(id, let message, let offset):
        refund += message.bytes.count - offset
        return false
      case .frame(id, let bytes): return bytes[0] != FrameType.end.rawValue
      default: return true
      }
    }
    creditBytes += refund
  }

  private mutating func giveBackPartial(_ stream: Stream) {
    if stream.isPartial { creditToGive += stream.partial.count }
  }

  private mutating func forget(_ id: UInt32) {
    guard let stream = streams.removeValue(forKey: id) else { return }
    if stream.isOwn { ownStreams -= 1 } else { peerStreams -= 1 }
    if stream.isWaiting { waiting.filter { $0 != id } }
    streamsToCredit.remove(id)
  }

  mutating func appendSent(_ events: inout [Event]) {
    guard !streamsSent.isEmpty else { return }
    for id in streamsSent {
      // Nobody writes to a stream that is over.
      guard let sent = streams.index(forKey: id).map({ streams.values[$0].takeSent() }) else {
        continue
      }
      events.append(.sent(stream: id, messages: sent.messages, bytes: sent.bytes))
    }
    streamsSent.removeAll(keepingCapacity: true)
  }

  /// Messages committed since the last look; their writers may go on.
  package mutating func takeSent() -> [Event] {
    var events: [Event] = []
    appendSent(&events)
    return events
  }
}
