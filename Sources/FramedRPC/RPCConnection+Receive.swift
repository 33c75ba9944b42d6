extension RPCConnection {
  /// Takes the plain text of one record. A breach ends the session: close with its code.
  package mutating func receive(_ plain: [UInt8], nowMs: UInt64) throws(ProtocolBreach) -> [Event] {
    try receive(plain[...], nowMs: nowMs)
  }

  package mutating func receive(_ plain: ArraySlice<UInt8>, nowMs: UInt64) throws(ProtocolBreach)
    -> [Event]
  {
    guard !peerClosed else { throw ProtocolBreach(.protocolError, "a record after CLOSE") }
    var events: [Event] = []
    var reader = FrameReader(plain)
    var frames = 0
    var isLastOfRecord = false
    while let frame = try reader.next() {
      guard !isLastOfRecord else {
        throw ProtocolBreach(.protocolError, "a frame after REKEY or CLOSE")
      }
      frames += 1
      guard frame.type < 128 else {
        try countControl(nowMs)
        continue
      }
      guard let type = FrameType(rawValue: frame.type) else {
        throw ProtocolBreach(.protocolError, "frame type \(frame.type)")
      }
      try checkForm(frame, type)
      switch type {
      case .open: try receiveOpen(frame, &events)
      case .data: try receiveData(frame, &events)
      case .end: try receiveEnd(frame, &events)
      case .reset:
        try countControl(nowMs)
        try receiveReset(frame, nowMs: nowMs, &events)
      case .credit: try receiveCredit(frame)
      case .ping:
        try countControl(nowMs)
        Frame(.pong, payload: frame.payload).append(to: &control)
      case .pong: try countControl(nowMs)
      case .goAway:
        try countControl(nowMs)
        peerGoesAway = true
        let (code, last, text) = closeFields(frame)
        events.append(.goAway(code: code, lastStream: last, text: text))
      case .rekey:
        try countControl(nowMs)
        isLastOfRecord = true
        events.append(.rekeyed)
      case .close:
        isLastOfRecord = true
        peerClosed = true
        let (code, last, text) = closeFields(frame)
        events.append(.closed(code: code, lastStream: last, text: text))
      }
    }
    if frames == 0 { try countControl(nowMs) }
    pump()
    appendSent(&events)
    return events
  }

  private mutating func countControl(_ nowMs: UInt64) throws(ProtocolBreach) {
    if controlFrames.take(nowMs: nowMs) { return }
    guard controlExcess.take(nowMs: nowMs) else {
      throw ProtocolBreach(.limit, "too many control frames")
    }
    if !goesAway { goAway(.calm, "too many control frames") }
  }

  /// Flags, stream and length as the type wants them. PROTOCOL.md, "Frames".
  private func checkForm(_ frame: Frame, _ type: FrameType) throws(ProtocolBreach) {
    let flags: UInt8
    let length: ClosedRange<Int>
    var onStream = true
    switch type {
    case .open:
      flags = Frame.last
      length = 6...6 + RPCLimits.headersBytesMax
    case .data:
      flags = Frame.more | Frame.last
      length = 0...RPCLimits.framePayloadBytesMax
    case .end:
      flags = 0
      length = 0...RPCLimits.headersBytesMax
    case .reset: (flags, length) = (0, 4...4)
    case .credit:
      (flags, length) = (0, 4...4)
      onStream = frame.stream != 0
    case .ping, .pong: (flags, length, onStream) = (0, 8...8, false)
    case .goAway, .close:
      (flags, length, onStream) = (0, 8...8 + RPCLimits.closeTextBytesMax, false)
    case .rekey: (flags, length, onStream) = (0, 0...0, false)
    }
    guard frame.flags & ~flags == 0, frame.flags != Frame.more | Frame.last else {
      throw ProtocolBreach(.protocolError, "flags \(frame.flags) of \(type)")
    }
    guard length.contains(frame.payload.count) else {
      throw ProtocolBreach(.protocolError, "length \(frame.payload.count) of \(type)")
    }
    guard onStream == (frame.stream != 0) else {
      throw ProtocolBreach(.protocolError, "stream \(frame.stream) of \(type)")
    }
  }

  /// Whether the stream is open; false where it is over, so that the frame is dropped.
  private func isOpen(_ stream: UInt32) throws(ProtocolBreach) -> Bool {
    if streams.index(forKey: stream) != nil { return true }
    guard stream <= (isOwn(stream) ? lastOwn : lastPeer) else {
      throw ProtocolBreach(.protocolError, "a frame on stream \(stream), which nobody opened")
    }
    return false
  }

  private mutating func receiveOpen(_ frame: Frame, _ events: inout [Event])
    throws(ProtocolBreach)
  {
    let id = frame.stream
    guard !isOwn(id), id > lastPeer else {
      throw ProtocolBreach(.protocolError, "OPEN of stream \(id)")
    }
    lastPeer = id
    guard !goesAway else { return queueReset(id, .unavailable) }
    guard peerStreams < terms.streamsMax else { return queueReset(id, .resourceExhausted) }
    let methodID: UInt16 = frame.payload.bigEndian(at: 0)
    guard let headers = Headers(decoding: frame.payload.dropFirst(6)) else {
      return queueReset(id, .invalidArgument)
    }
    var stream = Stream(
      isOwn: false, inboundBytesMax: inboundBytesMax(of: methodID),
      creditMessages: terms.streamCreditMessages)
    stream.inputEnded = frame.flags & Frame.last != 0
    streams[id] = stream
    peerStreams += 1
    events.append(
      .opened(
        stream: id, method: methodID, remainingMs: frame.payload.bigEndian(at: 2),
        headers: headers))
    if stream.inputEnded { events.append(.inputEnded(stream: id)) }
  }

  private mutating func receiveData(_ frame: Frame, _ events: inout [Event])
    throws(ProtocolBreach)
  {
    let id = frame.stream
    let count = frame.payload.count
    let more = frame.flags & Frame.more != 0
    guard !more || count > 0 else { throw ProtocolBreach(.protocolError, "an empty part") }
    ungivenBytes += count
    guard ungivenBytes <= terms.connectionCreditBytes else {
      throw ProtocolBreach(.credit, "more bytes than the connection's credit")
    }
    guard try isOpen(id), let at = streams.index(forKey: id) else {
      creditToGive += count  // A race we allow: the stream ended while these were under way.
      return
    }
    let isLast = frame.flags & Frame.last != 0
    let taken = try streams.values[at].receive(frame.payload, more: more, isLast: isLast, terms)
    switch taken {
    case .part: break
    case .message(let bytes):
      events.append(.message(stream: id, bytes: bytes))
      if isLast { events.append(.inputEnded(stream: id)) }
    case .tooLong(let partialBytes):
      // Over its method's cap: the stream alone is over. What came of the message goes back.
      creditToGive += count + partialBytes
      queueReset(id, .resourceExhausted)
      events.append(
        .reset(stream: id, code: .resourceExhausted, message: "a message above its method's limit"))
    }
  }

  private mutating func receiveEnd(_ frame: Frame, _ events: inout [Event]) throws(ProtocolBreach) {
    let id = frame.stream
    guard try isOpen(id), var stream = streams[id] else { return }
    guard !stream.isPartial else { throw ProtocolBreach(.protocolError, "END inside a message") }
    if stream.isOwn {
      let error: RPCError?
      do { error = try Trailers.decode(frame.payload) } catch {
        throw ProtocolBreach(.protocolError, "malformed trailers")
      }
      remove(id)
      events.append(.ended(stream: id, error: error))
    } else {
      guard frame.payload.isEmpty else {
        throw ProtocolBreach(.protocolError, "trailers from the opener")
      }
      guard !stream.inputEnded else { throw ProtocolBreach(.protocolError, "END twice") }
      stream.inputEnded = true
      streams[id] = stream
      events.append(.inputEnded(stream: id))
    }
  }

  private mutating func receiveReset(_ frame: Frame, nowMs: UInt64, _ events: inout [Event])
    throws(ProtocolBreach)
  {
    let id = frame.stream
    guard try isOpen(id) else { return }
    if !isOwn(id), !resets.take(nowMs: nowMs), !goesAway {
      goAway(.calm, "too many cancelled calls")
    }
    let code = RPCStatusCode(rawValue: frame.payload.bigEndian(at: 0)) ?? .unknown
    remove(id)
    events.append(
      .reset(stream: id, code: code == .ok ? .unknown : code, message: "the peer ended the call"))
  }

  private mutating func receiveCredit(_ frame: Frame) throws(ProtocolBreach) {
    creditFramesReceived += 1
    guard creditFramesReceived <= 2 * dataFramesSent + RPCLimits.creditFramesSpare else {
      throw ProtocolBreach(.limit, "too many CREDIT frames")
    }
    let count = Int(frame.payload.bigEndian(at: 0) as UInt32)
    guard count > 0 else { throw ProtocolBreach(.protocolError, "a credit of nothing") }
    if frame.stream == 0 {
      guard creditBytes + count <= RPCLimits.creditMax else {
        throw ProtocolBreach(.credit, "the connection's credit overflows")
      }
      creditBytes += count
      return
    }
    guard try isOpen(frame.stream), let at = streams.index(forKey: frame.stream) else { return }
    try streams.values[at].takeCredit(count)
    enqueue(frame.stream)
  }

  private func closeFields(_ frame: Frame) -> (UInt32, UInt32, String) {
    let text = String(validating: frame.payload.dropFirst(8), as: UTF8.self) ?? "?"
    let isPlain = !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    return (
      frame.payload.bigEndian(at: 0), frame.payload.bigEndian(at: 4), isPlain ? text : "?"
    )
  }
}
