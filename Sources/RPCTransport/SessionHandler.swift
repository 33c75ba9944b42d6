import FramedRPC
import Logging
import NIOCore
import SecureChannel

/// A session on its channel: opens and seals records, drives the ``RPCConnection``, keeps time.
///
/// Everything here runs on the channel's event loop; tasks reach it by the ``Mailbox``. What was
/// read is answered together at the end of the read.
final class SessionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  struct Settings: Sendable {
    var role: RPCConnection.Role
    var terms: SessionTerms
    var records: RecordSettings
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
  private var unread = ByteBuffer()
  var streams: [UInt32: CallStream] = [:]
  /// Streams whose reader waits for what this read brought.
  private var toRing: [CallStream] = []
  private var deadlines = Deadlines()
  private var timer: Scheduled<Void>?
  private var started = NIODeadline.now()
  private var lastSent = NIODeadline.now()
  private var lastReceived = NIODeadline.now()
  private var lastRekey = NIODeadline.now()
  /// Bytes that wait for the peer to take them, and since when it took none.
  private var blocked: (bytes: Int, since: NIODeadline)?
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
    mailbox.open { eventLoop.execute { bound.value.0.flush(bound.value.1) } }
    setTimer(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isOver, !isDeaf else { return }
    var incoming = unwrapInboundIn(data)
    if unread.readableBytes == 0 { unread = incoming } else { unread.writeBuffer(&incoming) }
    readRecords(context)
    // With nothing left over the buffer goes back to be read into again.
    if unread.readableBytes == 0 { unread = ByteBuffer() } else { unread.discardReadBytes() }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    for stream in toRing { stream.ring() }
    toRing.removeAll(keepingCapacity: !isOver)
    flush(context)
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { blocked = nil }
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
    while !isOver, !isDeaf {
      guard let length = unread.getInteger(at: unread.readerIndex, as: UInt16.self) else { return }
      guard Int(length) >= RecordLimits.boxBytesMin else {
        return abort(context, "a record that is too short")
      }
      guard unread.readableBytes >= RecordLimits.lengthBytes + Int(length) else { return }
      unread.moveReaderIndex(forwardBy: RecordLimits.lengthBytes)
      guard var box = unread.readBytes(length: Int(length)) else { return }
      do {
        let plain = try opener.open(inPlace: &box)
        lastReceived = .now()
        for event in try connection.receive(plain, nowMs: nowMs) { act(on: event, context) }
      } catch RecordError.counterEnd {
        return breach(context, .limit, "the peer kept its key too long")
      } catch let error as ProtocolBreach {
        return breach(context, error.code, error.reason)
      } catch { return abort(context, "a record that does not open: \(error)") }
    }
  }

  private var nowMs: UInt64 { NIODeadline.now().uptimeNanoseconds / 1_000_000 }

  private func act(on event: RPCConnection.Event, _ context: ChannelHandlerContext) {
    switch event {
    case .opened(let id, let method, let remainingMs, let headers):
      let stream = CallStream(
        mailbox: mailbox, id: id, quiet: quiet(connection.inboundBytesMax(of: method)))
      streams[id] = stream
      let opened = Opened(
        stream: stream, id: id, method: method, remainingMs: remainingMs, headers: headers)
      if remainingMs > 0 { setDeadline(id, remainingMs, context) }
      if let error = serve(opened) { endCall(stream, last: nil, error) }
    case .message(let id, let bytes):
      guard let stream = streams[id] else { return connection.consumed(id, bytes: bytes.count) }
      switch stream.deliver(bytes) {
      case .queued: break
      case .waitedFor: toRing.append(stream)
      case .refused: connection.consumed(id, bytes: bytes.count)
      }
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
    for command in mailbox.take() {
      switch command {
      case .open(let stream, let info, let deadline, let headers, let first, let isLast):
        open(stream, info, deadline, headers, first, isLast, context)
      case .attend(let stream): attend(stream)
      case .finish(let stream):
        attend(stream)
        if let id = stream.id { connection.finish(id) }
      case .end(let stream, let last, let error): endCall(stream, last: last, error)
      case .reset(let stream, let code): resetCall(stream, code)
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
  }

  /// Sends what was written, and gives back the credit of what was taken.
  private func attend(_ stream: CallStream) {
    let (id, messages, taken) = stream.takeWork()
    guard let id else { return }
    giveBack(taken, of: id)
    for message in messages { connection.send(message, on: id) }
  }

  private func giveBack(_ taken: CallStream.Taken, of id: UInt32) {
    guard taken.messages > 0 else { return }
    connection.consumed(id, messages: taken.messages, bytes: taken.bytes)
  }

  private func quiet(_ inboundBytesMax: Int) -> CallStream.Quiet {
    CallStream.Quiet(connection.terms, inboundBytesMax: inboundBytesMax)
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
      stream.assign(id: id, quiet: quiet(info.responseBytesMax))
      streams[id] = stream
      if deadline != nil { setDeadline(id, remainingMs, context) }
      if let first { connection.send(first, on: id, isLast: isLast) }
    } catch {
      stream.finish(error)
      if connection.isOutOfStreams {
        finish(context, .age, SessionEnd(code: .age, reason: "no stream numbers are left"))
      }
    }
  }

  private func setDeadline(_ id: UInt32, _ remainingMs: UInt32, _ context: ChannelHandlerContext) {
    let deadline = NIODeadline.now() + .milliseconds(Int64(remainingMs))
    if deadlines.add(id, deadline) { setDeadlineTimer(deadline, context) }
  }

  private func setDeadlineTimer(_ deadline: NIODeadline, _ context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    deadlines.timer?.cancel()
    deadlines.timer = context.eventLoop.scheduleTask(deadline: deadline) {
      let (handler, context) = bound.value
      let (past, next) = handler.deadlines.takePast(.now())
      for id in past {
        guard let stream = handler.streams[id] else { continue }
        stream.finish(RPCError(.deadlineExceeded, "the deadline passed"))
        stream.cancelTask()
        handler.resetCall(stream, .deadlineExceeded)
      }
      if let next { handler.setDeadlineTimer(next, context) }
      handler.flush(context)
    }
  }

  /// The callee's end of a call.
  private func endCall(_ stream: CallStream, last: [UInt8]?, _ error: RPCError?) {
    attend(stream)
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
    if let id = stream.id { giveBack(stream.discard(), of: id) }
  }

  private func forget(_ id: UInt32) -> CallStream? {
    deadlines.remove(id)
    return streams.removeValue(forKey: id)
  }

  // MARK: Writing

  func flush(_ context: ChannelHandlerContext) {
    guard !isOver else { return }
    takeMail(context)
    guard !isOver, !sentClose else { return }
    let now = NIODeadline.now()
    var wrote = false
    while context.channel.isWritable || connection.wantsToClose {
      if sealer.counter >= settings.records.rekeyAt
        || now - lastRekey > TransportLimits.rekeyAfter
      {
        connection.rekey()
        lastRekey = now
      }
      guard var plain = connection.nextPlain(head: RecordLimits.headBytes) else { break }
      if settings.records.padding { Padding.pad(&plain.bytes, head: RecordLimits.headBytes) }
      sealer.seal(inPlace: &plain.bytes, rekeys: plain.rekeys)
      var buffer = context.channel.allocator.buffer(capacity: plain.bytes.count)
      buffer.writeBytes(plain.bytes)
      // At once: the peer opens this record while the next is made.
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
      wrote = true
      if plain.closes {
        sentClose = true
        break
      }
    }
    for case .sent(let id, let messages, let bytes) in connection.takeSent() {
      streams[id]?.sent(messages: messages, bytes: bytes)
    }
    if wrote { lastSent = now }
    if !context.channel.isWritable, blocked == nil { blocked = (untaken(context), now) }
    if sentClose { context.close(mode: .output, promise: nil) }
  }

  private func tick(_ context: ChannelHandlerContext) {
    guard !isOver else { return }
    let now = NIODeadline.now()
    let dead = TimeAmount.milliseconds(Int64(settings.terms.deadAfterMs))
    if now - lastReceived >= dead {
      return abort(context, "no sign of life for \(settings.terms.deadAfterMs) ms")
    }
    if let (bytes, since) = blocked {
      let left = untaken(context)
      if left < bytes {
        blocked = (left, now)
      } else if now - since >= dead {
        let reason = "nothing was taken for \(settings.terms.deadAfterMs) ms"
        finish(context, .slowConsumer, SessionEnd(code: .slowConsumer, reason: reason))
      }
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

  /// Bytes that neither the peer nor the kernel has taken.
  private func untaken(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
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
    unread = ByteBuffer()
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
    deadlines.timer?.cancel()
    deadlines = Deadlines()
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
    unread = ByteBuffer()
    toRing = []
    sealer.close()
    opener.close()
    ended(end)
  }
}
