import Bytes
import FramedRPC
import Logging
import NIOCore
import SecureChannel

/// The handshake on a server's channel, then the session's handler in its place.
///
/// Until the vouch holds a failure is silent: what comes is read and dropped, and the channel is
/// closed one second after the failing message, whatever the cause.
final class ServerHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum State {
    case waitsForHello
    case waitsForInitiate
    /// The authority is being asked.
    case waitsForAnswer
    case silent
    case over
  }

  private let server: RPCServer.Shared
  private let address: String
  private let place: HandshakeGate.Place
  private var handshake: ServerHandshake
  private var state = State.waitsForHello
  private var unread: [UInt8] = []
  private var timeout: Scheduled<Void>?
  private var hasLeft = false
  /// There was no time for the next message yet.
  private var isWaiting = false

  init(server: RPCServer.Shared, address: String, place: HandshakeGate.Place) {
    self.server = server
    self.address = address
    self.place = place
    handshake = ServerHandshake(keys: server.keys)
  }

  func channelActive(context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timeout = context.eventLoop.scheduleTask(in: TransportLimits.handshakeTime) {
      bound.value.0.server.logger.debug(
        "a handshake took too long", metadata: ["address": "\(bound.value.0.address)"])
      bound.value.1.close(promise: nil)
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    leave(accepted: false)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    guard state != .silent, state != .over else { return }
    guard let bytes = buffer.readBytes(length: buffer.readableBytes) else { return }
    unread += bytes
    // An honest agent says nothing more before READY.
    if unread.count > HandshakeMessage.initiate.bytes { return fail("too many bytes", context) }
    work(context)
  }

  /// Whether a whole message waits to be looked at.
  private var hasWork: Bool {
    switch state {
    case .waitsForHello: unread.count >= HandshakeMessage.hello.bytes
    case .waitsForInitiate: unread.count >= HandshakeMessage.initiate.bytes
    case .waitsForAnswer, .silent, .over: false
    }
  }

  /// Looks at what came, as soon as handshakes may use the processor.
  private func work(_ context: ChannelHandlerContext) {
    guard hasWork, !isWaiting else { return }
    let wait = server.work.wait()
    guard wait == .zero else {
      isWaiting = true
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: wait) {
        bound.value.0.isWaiting = false
        bound.value.0.work(bound.value.1)
      }
      return
    }
    let began = NIODeadline.now()
    process(context)
    server.work.used(.now() - began)
    work(context)
  }

  private func process(_ context: ChannelHandlerContext) {
    do {
      if state == .waitsForHello {
        let welcome = try handshake.receive(hello: takeMessage(.hello))
        state = .waitsForInitiate
        write(welcome, context)
        if handshake.isOver {
          log("no common version", context)
          state = .over
          return context.close(promise: nil)
        }
      } else if state == .waitsForInitiate {
        let claim = try handshake.receive(initiate: takeMessage(.initiate))
        state = .waitsForAnswer
        ask(claim, context)
      }
    } catch { fail("\(error)", context) }
  }

  private func takeMessage(_ kind: HandshakeMessage) -> [UInt8] {
    defer { unread.removeFirst(kind.bytes) }
    return Array(unread[0..<kind.bytes])
  }

  private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
  }

  private func log(_ reason: String, _ context: ChannelHandlerContext) {
    server.logger.info(
      "a connection was refused", metadata: ["address": "\(address)", "reason": "\(reason)"])
  }

  private func fail(_ reason: String, _ context: ChannelHandlerContext) {
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: TransportLimits.silence) {
      bound.value.close(promise: nil)
    }
    state = .silent
    server.gate.failed(place)
    unread = []
    log(reason, context)
  }

  // MARK: The authority

  private func ask(_ claim: AgentClaim, _ context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let eventLoop = context.eventLoop
    let (server, address) = (server, address)
    let attempt = server.registry.begin(claim.agentKey)
    Task {
      let admission = await server.authority.admit(claim, from: address)
      eventLoop.execute {
        bound.value.0.answer(claim, admission, attempt: attempt, bound.value.1)
      }
    }
  }

  private func answer(
    _ claim: AgentClaim, _ admission: Admission, attempt: UInt64, _ context: ChannelHandlerContext
  ) {
    guard state == .waitsForAnswer, context.channel.isActive else {
      return server.registry.abandon(attempt)
    }
    var answer = ServerAnswer(verdict: admission.verdict)
    answer.displayName = admission.displayName
    answer.resumed = admission.resumed
    answer.terms = server.settings.terms
    answer.terms.retryAfterMs = admission.retryAfterMs
    answer.terms.serverTimeMs = UnixTime.nowMs
    let (ready, sessionID, keys) = handshake.answer(answer)
    guard let keys else {
      server.registry.abandon(attempt)
      log("verdict \(admission.verdict) for \(claim.agentText)", context)
      state = .over
      write(ready, context)
      return context.close(promise: nil)
    }
    let session = AgentSession(
      id: sessionID, agentKey: claim.agentKey, isPending: admission.verdict == .pending,
      agentName: claim.agentName, agentVersion: claim.agentVersion, instance: claim.instance,
      address: address, serverKey: claim.serverKey, transcript: keys.transcript)
    let mailbox = Mailbox()
    guard server.registry.add(.init(session: session, mailbox: mailbox), attempt: attempt) else {
      log("\(claim.agentText) was disconnected while it connected", context)
      return context.close(promise: nil)
    }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let eventLoop = context.eventLoop
    let server = server
    Task {
      await server.authority.sessionOpened(session)
      eventLoop.execute {
        bound.value.0.begin(session, keys, ready, mailbox, bound.value.1)
      }
    }
  }

  private func begin(
    _ session: AgentSession, _ keys: SessionKeys, _ ready: [UInt8], _ mailbox: Mailbox,
    _ context: ChannelHandlerContext
  ) {
    let server = server
    let ended: (SessionEnd) -> Void = { end in
      server.registry.remove(session)
      Task { await server.authority.sessionClosed(session, end) }
    }
    guard state == .waitsForAnswer, context.channel.isActive else {
      return ended(SessionEnd(code: nil, reason: "the connection was lost in the handshake"))
    }
    state = .over
    leave(accepted: true)
    write(ready, context)
    let handler = SessionHandler(
      settings: server.sessionSettings, keys: keys, mailbox: mailbox, logger: server.logger,
      method: server.method, serve: server.serving(session, on: context.eventLoop), ended: ended)
    do {
      try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
    } catch {
      ended(SessionEnd(code: nil, reason: "\(error)"))
      return context.close(promise: nil)
    }
    if !unread.isEmpty { context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: unread))) }
    context.fireChannelReadComplete()
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }

  /// The handshake no longer counts against the limits.
  private func leave(accepted: Bool) {
    timeout?.cancel()
    guard !hasLeft else { return }
    hasLeft = true
    server.gate.leave(place, accepted: accepted)
  }
}

extension ServerHandshakeHandler {
  typealias InboundOut = ByteBuffer
}

extension AgentClaim {
  /// For the log.
  var agentText: String { KeyText.encode(.agentPublic, agentKey.bytes) }
}
