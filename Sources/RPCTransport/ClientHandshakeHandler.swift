import Bytes
import FramedRPC
import Logging
import NIOCore
import SecureChannel

/// The handshake on an agent's channel, then the session's handler in its place.
final class ClientHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum State { case waitsForWelcome, waitsForReady, over }

  private var handshake: AgentHandshake
  private let serverKey: Bytes32
  private let records: RecordSettings
  private let logger: Logger
  private let promise: EventLoopPromise<RPCSession>
  private var state = State.waitsForWelcome
  private var unread: [UInt8] = []
  private var timeout: Scheduled<Void>?

  init(
    handshake: AgentHandshake, serverKey: Bytes32, records: RecordSettings, logger: Logger,
    promise: EventLoopPromise<RPCSession>
  ) {
    self.handshake = handshake
    self.serverKey = serverKey
    self.records = records
    self.logger = logger
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timeout = context.eventLoop.scheduleTask(in: TransportLimits.handshakeTime) {
      bound.value.0.fail(nil, bound.value.1)
    }
    do { try write(handshake.start(), context) } catch { fail(.handshake(error), context) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(nil, context)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(nil, context) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    guard state != .over, let bytes = buffer.readBytes(length: buffer.readableBytes) else { return }
    unread += bytes
    do {
      if state == .waitsForWelcome, unread.count >= HandshakeMessage.welcome.bytes {
        let initiate = try handshake.receive(welcome: takeMessage(.welcome))
        state = .waitsForReady
        write(initiate, context)
      }
      if state == .waitsForReady, unread.count >= HandshakeMessage.ready.bytes {
        let outcome = try handshake.receive(ready: takeMessage(.ready))
        begin(outcome, context)
      }
    } catch {
      if case .noCommonVersion(let lowest, let highest) = error.reason {
        fail(.noCommonVersion(serverLowest: lowest, serverHighest: highest), context)
      } else {
        fail(.handshake(error), context)
      }
    }
  }

  private func takeMessage(_ kind: HandshakeMessage) -> [UInt8] {
    defer { unread.removeFirst(kind.bytes) }
    return Array(unread[0..<kind.bytes])
  }

  private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
  }

  private func begin(_ outcome: AgentOutcome, _ context: ChannelHandlerContext) {
    guard let keys = outcome.keys else {
      return fail(
        .refused(outcome.verdict, retryAfterMs: outcome.terms.retryAfterMs), context)
    }
    state = .over
    timeout?.cancel()
    let mailbox = Mailbox()
    let session = RPCSession(
      outcome: outcome, transcript: keys.transcript, serverKey: serverKey, mailbox: mailbox)
    let handler = SessionHandler(
      settings: .init(role: .agent, terms: outcome.terms, records: records, age: nil), keys: keys,
      mailbox: mailbox, logger: logger, method: { _ in nil },
      serve: { _ in RPCError(.unimplemented, "an agent serves nothing") },
      ended: { session.end.fire($0) })
    do {
      try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
    } catch {
      promise.fail(ConnectError.unreachable("\(error)"))
      return context.close(promise: nil)
    }
    promise.succeed(session)
    if !unread.isEmpty {
      context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: unread)))
      context.fireChannelReadComplete()
    }
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }

  /// Nil: the stage says what happened.
  private func fail(_ error: ConnectError?, _ context: ChannelHandlerContext) {
    guard state != .over else { return }
    promise.fail(error ?? (state == .waitsForWelcome ? .noWelcome : .noReady))
    state = .over
    timeout?.cancel()
    context.close(promise: nil)
  }
}
