import FramedRPC
import Logging
import NIOCore
import SecureChannel

/// A session on its channel: opens and seals records, drives the ``RPCConnection``, keeps time.
///
/// Everything here runs on the channel's event loop; tasks reach it by the ``Mailbox``. What was
/// read is answered in one record at the end of the read.
final class SessionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  struct Settings: Sendable {
    var role: RPCConnection.Role
    var terms: SessionTerms
    var padding = true
    /// Nil: no GOAWAY(AGE) from this side.
    var age: TimeAmount?
  }

  /// An OPEN of the peer, to be served.
  struct Opened {
    let stream: CallStream
    let id: UInt32
    let method: UInt16
    let remainingMs: UInt32
    let headers: Headers
  }

  let settings: Settings
  let mailbox: Mailbox
  let logger: Logger
  /// Serves a call; a status is sent back at once where it cannot.
  let serve: (Opened) -> RPCError?
  let ended: (SessionEnd) -> Void

  var connection: RPCConnection
  private var sealer: RecordSealer
  private var opener: RecordOpener
  private var unread: ByteBuffer?
  var streams: [UInt32: CallStream] = [:]
  var deadlines: [UInt32: Scheduled<Void>] = [:]
  private var timer: Scheduled<Void>?
  private var started = NIODeadline.now()
  private var lastSent = NIODeadline.now()
  private var lastReceived = NIODeadline.now()
  private var lastRekey = NIODeadline.now()
  private var blockedSince: NIODeadline?
  private var end: SessionEnd?
  private var sentClose = false
  /// The peer broke the protocol: what it still says is not looked at.
  private var isDeaf = false
  private var sentGoAway = false
  private var isOver = false

  init(
    settings: Settings, keys: SessionKeys, mailbox: Mailbox, logger: Logger,
    method: @escaping @Sendable (UInt16) -> MethodInfo?, serve: @escaping (Opened) -> RPCError?,
    ended: @escaping (SessionEnd) -> Void
  ) {
    self.settings = settings
    self.mailbox = mailbox
    self.logger = logger
    self.serve = serve
    self.ended = ended
    let terms = settings.terms
    connection = RPCConnection(
      role: settings.role,
      terms: .init(
        streamsMax: Int(terms.streamsMax),
        connectionCreditBytes: Int(terms.connectionCreditBytes),
        streamCreditMessages: Int(terms.streamCreditMessages),
        messageBytesMax: Int(terms.messageBytesMax)), method: method)
    let isAgent = settings.role == .agent
    sealer = RecordSealer(
      key: isAgent ? keys.agentToServer : keys.serverToAgent,
      direction: isAgent ? .agentToServer : .serverToAgent)
    opener = RecordOpener(
      key: isAgent ? keys.serverToAgent : keys.agentToServer,
      direction: isAgent ? .serverToAgent : .agentToServer)
  }

  // MARK: Channel

  func handlerAdded(context: ChannelHandlerContext) {
    started = .now()
    (lastSent, lastReceived, lastRekey) = (started, started, started)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let eventLoop = context.eventLoop
    mailbox.open { eventLoop.execute { bound.value.0.takeMail(bound.value.1) } }
    setTimer(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isOver, !isDeaf else { return }
    var incoming = unwrapInboundIn(data)
    if unread == nil { unread = incoming } else { unread?.writeBuffer(&incoming) }
    readRecords(context)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    flush(context)
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { blockedSince = nil }
    flush(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    over(SessionEnd(code: nil, reason: "the connection was lost"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    abort(context, "\(error)")
  }

  // MARK: Reading

  private func readRecords(_ context: ChannelHandlerContext) {
    while !isOver, var buffer = unread {
      guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self) else { break }
      guard Int(length) >= RecordLimits.boxBytesMin else {
        return abort(context, "a record that is too short")
      }
      guard buffer.readableBytes >= RecordLimits.lengthBytes + Int(length) else { break }
      buffer.moveReaderIndex(forwardBy: RecordLimits.lengthBytes)
      guard let box = buffer.readSlice(length: Int(length)) else { break }
      unread = buffer.readableBytes == 0 ? nil : buffer
      do {
        let plain = try opener.open(box.readableBytesView)
        lastReceived = .now()
        for event in try connection.receive(plain, nowMs: nowMs) { act(on: event, context) }
      } catch RecordError.counterEnd {
        return breach(context, .limit, "the peer kept its key too long")
      } catch let error as ProtocolBreach {
        return breach(context, error.code, error.reason)
      } catch { return abort(context, "a record that does not open: \(error)") }
    }
    unread?.discardReadBytes()
  }

  private var nowMs: UInt64 { NIODeadline.now().uptimeNanoseconds / 1_000_000 }

  private func act(on event: RPCConnection.Event, _ context: ChannelHandlerContext) {
    switch event {
    case .opened(let id, let method, let remainingMs, let headers):
      let stream = CallStream(mailbox: mailbox, id: id)
      streams[id] = stream
      let opened = Opened(
        stream: stream, id: id, method: method, remainingMs: remainingMs, headers: headers)
      if remainingMs > 0 { setDeadline(id, .milliseconds(Int64(remainingMs)), context) }
      if let error = serve(opened) { endCall(stream, last: nil, error) }
    case .message(let id, let bytes):
      if streams[id]?.deliver(bytes) != true { connection.consumed(id, bytes: bytes.count) }
    case .inputEnded(let id): streams[id]?.failInput(nil)
    case .ended(let id, let error): forget(id)?.finish(error)
    case .reset(let id, let code, let message):
      let stream = forget(id)
      stream?.finish(RPCError(code, message))
      stream?.cancelTask()
    case .sent(let id, let messages, let bytes): streams[id]?.sent(messages: messages, bytes: bytes)
    case .rekeyed: opener.rekey()
    case .goAway(let code, _, let text):
      // The agent's calls are long streams that would never end by themselves: come again.
      guard settings.role == .agent else { return }
      finish(context, .done, SessionEnd(code: CloseCode(rawValue: code), reason: text))
    case .closed(let code, _, let text):
      end = end ?? SessionEnd(code: CloseCode(rawValue: code), reason: text)
      connection.close(.done, "")
      flush(context)
      context.close(promise: nil)
    }
  }

  // MARK: Mail

  private func takeMail(_ context: ChannelHandlerContext) {
    guard !isOver else { return }
    for command in mailbox.take() {
      switch command {
      case .open(let stream, let info, let deadline, let headers, let first, let isLast):
        open(stream, info, deadline, headers, first, isLast, context)
      case .send(let stream, let message, let isLast):
        if let id = stream.id { connection.send(message, on: id, isLast: isLast) }
      case .finish(let stream): if let id = stream.id { connection.finish(id) }
      case .end(let stream, let last, let error): endCall(stream, last: last, error)
      case .reset(let stream, let code): resetCall(stream, code)
      case .consumed(let stream, let bytes):
        if let id = stream.id { connection.consumed(id, bytes: bytes) }
      case .endAll(let error):
        for stream in Array(streams.values) {
          stream.cancelTask()
          endCall(stream, last: nil, error)
        }
      case .goAway(let code, let text): connection.goAway(code, text)
      case .close(let code, let text):
        finish(context, code, SessionEnd(code: code, reason: text))
      }
    }
    flush(context)
  }

  private func open(
    _ stream: CallStream, _ info: MethodInfo, _ deadline: NIODeadline?, _ headers: Headers,
    _ first: [UInt8]?, _ isLast: Bool, _ context: ChannelHandlerContext
  ) {
    var remainingMs: UInt32 = 0
    if let deadline {
      let left = (deadline - .now()).nanoseconds / 1_000_000
      guard left > 0 else {
        return stream.finish(RPCError(.deadlineExceeded, "the deadline passed before the call"))
      }
      remainingMs = UInt32(clamping: left)
    }
    do {
      let id = try connection.open(info, remainingMs: remainingMs, headers: headers)
      stream.assign(id: id)
      streams[id] = stream
      if deadline != nil { setDeadline(id, .milliseconds(Int64(remainingMs)), context) }
      if let first { connection.send(first, on: id, isLast: isLast) }
    } catch { stream.finish(error) }
  }

  private func setDeadline(_ id: UInt32, _ time: TimeAmount, _ context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    deadlines[id] = context.eventLoop.scheduleTask(in: time) {
      let (handler, context) = bound.value
      handler.deadlines[id] = nil
      guard let stream = handler.streams[id] else { return }
      stream.finish(RPCError(.deadlineExceeded, "the deadline passed"))
      stream.cancelTask()
      handler.resetCall(stream, .deadlineExceeded)
      handler.flush(context)
    }
  }

  /// The callee's end of a call.
  private func endCall(_ stream: CallStream, last: [UInt8]?, _ error: RPCError?) {
    guard let id = stream.id, streams[id] != nil else { return giveBack(stream) }
    if let last { connection.send(last, on: id) }
    connection.end(id, error: error)
    _ = forget(id)
    stream.finish(nil)
    giveBack(stream)
  }

  private func resetCall(_ stream: CallStream, _ code: RPCStatusCode) {
    if let id = stream.id {
      connection.reset(id, code)
      _ = forget(id)
    }
    stream.finish(RPCError(code, "the call was ended"))
    giveBack(stream)
  }

  private func giveBack(_ stream: CallStream) {
    for bytes in stream.discard() { connection.consumed(stream.id ?? 0, bytes: bytes) }
  }

  private func forget(_ id: UInt32) -> CallStream? {
    deadlines.removeValue(forKey: id)?.cancel()
    return streams.removeValue(forKey: id)
  }

  // MARK: Writing

  func flush(_ context: ChannelHandlerContext) {
    guard !isOver, !sentClose else { return }
    var wrote = false
    while context.channel.isWritable || connection.wantsToClose {
      if sealer.counter >= RecordLimits.counterEnd - 64
        || NIODeadline.now() - lastRekey > TransportLimits.rekeyAfter
      {
        connection.rekey()
        lastRekey = .now()
      }
      guard var plain = connection.nextPlain() else { break }
      if settings.padding { Padding.pad(&plain.bytes) }
      let record = sealer.seal(plain.bytes, rekeys: plain.rekeys)
      var buffer = context.channel.allocator.buffer(capacity: record.count)
      buffer.writeBytes(record)
      context.write(wrapOutboundOut(buffer), promise: nil)
      wrote = true
      if plain.closes {
        sentClose = true
        break
      }
    }
    for case .sent(let id, let messages, let bytes) in connection.takeSent() {
      streams[id]?.sent(messages: messages, bytes: bytes)
    }
    if wrote {
      lastSent = .now()
      context.flush()
    }
    if !context.channel.isWritable, blockedSince == nil { blockedSince = .now() }
    if sentClose { context.close(mode: .output, promise: nil) }
  }

  private func tick(_ context: ChannelHandlerContext) {
    guard !isOver else { return }
    let now = NIODeadline.now()
    let dead = TimeAmount.milliseconds(Int64(settings.terms.deadAfterMs))
    if now - lastReceived >= dead {
      return abort(context, "no sign of life for \(settings.terms.deadAfterMs) ms")
    }
    if let blockedSince, now - blockedSince >= dead {
      end = end ?? SessionEnd(code: .slowConsumer, reason: "the peer takes nothing")
      return context.close(promise: nil)
    }
    if let age = settings.age, now - started >= age, !sentGoAway {
      sentGoAway = true
      connection.goAway(.age, "connect anew")
    }
    if now - lastSent >= .milliseconds(Int64(settings.terms.pingIntervalMs)) {
      connection.ping(now.uptimeNanoseconds)
    }
    flush(context)
    setTimer(context)
  }

  /// The next moment at which something may be due: a ping, or the end of our patience.
  private func setTimer(_ context: ChannelHandlerContext) {
    let ping = TimeAmount.milliseconds(Int64(settings.terms.pingIntervalMs))
    let dead = TimeAmount.milliseconds(Int64(settings.terms.deadAfterMs))
    // Where nothing could be sent, the ping waits; so it is looked at no more often than that.
    let now = NIODeadline.now()
    let next = min(lastSent + ping > now ? lastSent + ping : now + ping, lastReceived + dead)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(deadline: next) { bound.value.0.tick(bound.value.1) }
  }

  // MARK: Ending

  /// CLOSE, then at most two seconds for the peer's.
  private func finish(_ context: ChannelHandlerContext, _ code: CloseCode, _ end: SessionEnd) {
    guard self.end == nil else { return }
    self.end = end
    connection.close(code, end.reason)
    flush(context)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: TransportLimits.closeTime) {
      bound.value.close(promise: nil)
    }
  }

  private func breach(_ context: ChannelHandlerContext, _ code: CloseCode, _ reason: String) {
    isDeaf = true
    unread = nil
    finish(context, code, SessionEnd(code: code, reason: reason))
  }

  /// Nothing is sent: the line or its key is not to be trusted any more.
  private func abort(_ context: ChannelHandlerContext, _ reason: String) {
    end = end ?? SessionEnd(code: nil, reason: reason)
    context.close(promise: nil)
  }

  private func over(_ fallback: SessionEnd) {
    guard !isOver else { return }
    isOver = true
    timer?.cancel()
    for deadline in deadlines.values { deadline.cancel() }
    deadlines = [:]
    let end = end ?? fallback
    let error = RPCError(.unavailable, "the connection is closed: \(end.reason)")
    for command in mailbox.close() {
      if case .open(let stream, _, _, _, _, _) = command { stream.finish(error) }
    }
    for stream in streams.values {
      stream.finish(error)
      stream.cancelTask()
    }
    streams = [:]
    unread = nil
    sealer.close()
    opener.close()
    ended(end)
  }
}
