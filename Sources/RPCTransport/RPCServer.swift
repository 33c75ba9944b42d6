package import Bytes
package import FramedRPC
package import Logging
import NIOCore
import NIOPosix
package import SecureChannel
import Synchronization

package struct RPCServerSettings: Sendable {
  package var host = "127.0.0.1"
  /// 0: any free one.
  package var port = 0
  package var terms = SessionTerms()
  package var records = RecordSettings()

  package init(host: String = "127.0.0.1", port: Int = 0) {
    self.host = host
    self.port = port
  }
}

/// Why a server did not start: one line that says what to do.
package struct RPCServerError: Error, Sendable, CustomStringConvertible {
  package let message: String
  package var description: String { message }
}

/// The coordinator's end of the wire: listens, authenticates, serves.
package final class RPCServer: Sendable {
  /// What every connection of a server has in common.
  final class Shared: Sendable {
    let settings: RPCServerSettings
    let keys: [StaticKeyPair]
    let authority: any AgentAuthority
    let services: RPCServices
    let logger: Logger
    let registry = SessionRegistry()
    let gate = HandshakeGate()
    let work = WorkBudget()
    let results = ResultCache()
    /// One for each event loop.
    fileprivate let executors = Mutex<[ObjectIdentifier: EventLoopTasks]>([:])

    init(
      settings: RPCServerSettings, keys: [StaticKeyPair], authority: any AgentAuthority,
      services: RPCServices, logger: Logger
    ) {
      self.settings = settings
      self.keys = keys
      self.authority = authority
      self.services = services
      self.logger = logger
    }
  }

  private let shared: Shared
  private let channels = Mutex<(any Channel)?>(nil)
  private let connections = ChannelSet()

  /// - Parameters:
  ///   - keys: one, or two while a new one is being introduced.
  package init(
    settings: RPCServerSettings, keys: [StaticKeyPair], authority: any AgentAuthority,
    services: RPCServices, logger: Logger
  ) {
    shared = Shared(
      settings: settings, keys: keys, authority: authority, services: services, logger: logger)
  }

  /// Listens; gives the port.
  package func start() async throws(RPCServerError) -> Int {
    let (shared, connections) = (shared, connections)
    // By then a peer that takes nothing has been told so: see SessionHandler.
    let goneAfter =
      Int(shared.settings.terms.deadAfterMs)
      + Int(TransportLimits.closeTime.nanoseconds / 1_000_000)
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: TransportLimits.backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.tcpOption(.userTimeout), value: goneAfter)
      .childChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelInitializer { channel in
        let address = channel.remoteAddress?.ipAddress ?? "local"
        guard let place = shared.gate.enter(address, close: { channel.close(promise: nil) }) else {
          shared.logger.info("too many handshakes", metadata: ["address": "\(address)"])
          return channel.close()
        }
        connections.insert(channel)
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            ServerHandshakeHandler(server: shared, address: address, place: place))
        }
      }
    let settings = shared.settings
    do {
      let channel = try await bootstrap.bind(host: settings.host, port: settings.port).get()
      channels.withLock { $0 = channel }
      return channel.localAddress?.port ?? settings.port
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw RPCServerError(
        message:
          "port \(settings.port) of \(settings.host) is in use: end what listens there or choose another"
      )
    } catch {
      throw RPCServerError(
        message: "cannot listen on \(settings.host) port \(settings.port): \(error)")
    }
  }

  /// Takes no new connection, tells every agent to come back later, and returns when all are
  /// closed, after a few seconds at most.
  package func stop() async {
    let listening = channels.withLock { channel in
      defer { channel = nil }
      return channel
    }
    try? await listening?.close().get()  // Closed already is as good.
    shared.registry.stop(.shutdown, "the coordinator is shutting down")
    let connections = connections
    let last = MultiThreadedEventLoopGroup.singleton.next().scheduleTask(
      in: TransportLimits.closeTime + .seconds(1)
    ) { connections.closeAll() }
    await connections.waitUntilEmpty()
    last.cancel()
  }

  /// The live sessions, by agent key.
  package var sessions: [AgentSession] { shared.registry.sessions }

  /// Ends every call of the agent's session with `error`; the session goes on.
  package func endCalls(agentKey: Bytes32, _ error: RPCError) {
    shared.registry.endCalls(agentKey, error)
  }

  /// Tells the agent's session GOAWAY: what runs goes on, and the agent comes again.
  package func sendAway(agentKey: Bytes32, code: CloseCode, text: String) {
    shared.registry.sendAway(agentKey, code, text)
  }

  /// Closes the agent's session, also one that is just being admitted; says how many were open.
  @discardableResult
  package func disconnect(agentKey: Bytes32, code: CloseCode, text: String = "") -> Int {
    shared.registry.disconnect(agentKey, code, text)
  }
}

extension RPCServer.Shared {
  var sessionSettings: SessionHandler.Settings {
    let jitter = Double.random(in: 0.9...1.1)
    return SessionHandler.Settings(
      role: .server, terms: settings.terms, records: settings.records,
      age: .nanoseconds(Int64(Double(TransportLimits.sessionAge.nanoseconds) * jitter)))
  }

  var method: @Sendable (UInt16) -> MethodInfo? {
    let methods = services.methods
    return { methods[$0]?.info }
  }

  private func executor(of eventLoop: any EventLoop) -> EventLoopTasks {
    executors.withLock { executors in
      let id = ObjectIdentifier(eventLoop)
      if let executor = executors[id] { return executor }
      let executor = EventLoopTasks(eventLoop)
      executors[id] = executor
      return executor
    }
  }

  /// Starts calls of a session; an error is the call's end.
  func serving(_ session: AgentSession, on eventLoop: any EventLoop)
    -> (SessionHandler.Opened) -> RPCError?
  {
    let (services, logger, keys, results) = (services, logger, keys, results)
    let executor = executor(of: eventLoop)
    return { opened in
      guard let registered = services.methods[opened.method] else {
        return RPCError(.unimplemented, "there is no method \(opened.method)")
      }
      let info = registered.info
      if session.isPending && !info.isOpenToPending {
        return RPCError(
          .permissionDenied, "this agent waits for the operator's approval",
          detail: .notAuthorised(what: "\(info.service).\(info.name)"))
      }
      if info.kind == .unary, !(1...RPCLimits.deadlineMsMax).contains(opened.remainingMs) {
        return RPCError(
          .invalidArgument, "a unary call needs a deadline, at most \(RPCLimits.deadlineMsMax) ms")
      }
      var deadline: ContinuousClock.Instant?
      if opened.remainingMs > 0 {
        deadline = .now + .milliseconds(Int64(opened.remainingMs))
      }
      let context = CallContext(
        session: session, method: info, deadline: deadline, requestID: opened.headers.requestID,
        metadata: opened.headers.metadata, serverKeys: keys)
      let stream = opened.stream
      stream.run(on: registered.isShort ? executor : nil) {
        let (last, error) = await registered.outcome(stream, context, results, logger)
        stream.mailbox.post(.end(stream, last: last, error))
      }
      return nil
    }
  }
}
