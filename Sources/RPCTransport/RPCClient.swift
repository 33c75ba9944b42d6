package import Bytes
package import Logging
import NIOCore
import NIOPosix
package import SecureChannel

/// One way to one coordinator.
package struct CoordinatorAddress: Sendable, Hashable, CustomStringConvertible {
  package var host: String
  package var port: Int
  /// Pinned: one to four, tried in turn. There is no mode without.
  package var serverKeys: [Bytes32]

  package init(host: String, port: Int, serverKeys: [Bytes32]) {
    precondition((1...4).contains(serverKeys.count))
    self.host = host
    self.port = port
    self.serverKeys = serverKeys
  }

  package var description: String { "\(host):\(port)" }
}

/// Makes sessions.
package enum RPCClient {
  /// One attempt with one of the address's keys. The handshake's ephemeral keys are new each time.
  ///
  /// - Parameter local: the address of this machine to come from, where it has several.
  package static func connect(
    to address: CoordinatorAddress, from local: String? = nil, serverKey: Bytes32,
    agentKey: StaticKeyPair,
    token: EnrolmentToken? = nil, offer: AgentOffer, records: RecordSettings = RecordSettings(),
    logger: Logger
  ) async throws(ConnectError) -> RPCSession {
    let handshake = AgentHandshake(
      serverKey: serverKey, agentKey: agentKey, token: token, offer: offer)
    let group = MultiThreadedEventLoopGroup.singleton
    let eventLoop = group.next()
    let promise = eventLoop.makePromise(of: RPCSession.self)
    var bootstrap = ClientBootstrap(group: eventLoop)
      .connectTimeout(TransportLimits.connectTime)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.tcpOption(.userTimeout), value: 10_000)
      .channelOption(.maxMessagesPerRead, value: 4)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            ClientHandshakeHandler(
              handshake: handshake, serverKey: serverKey, records: records, logger: logger,
              promise: promise))
        }
      }
    let channel: any Channel
    do {
      if let local { bootstrap = try bootstrap.bind(to: SocketAddress(ipAddress: local, port: 0)) }
      channel = try await bootstrap.connect(host: address.host, port: address.port).get()
    } catch {
      promise.fail(ConnectError.unreachable("\(error)"))
      throw .unreachable(Self.text(error))
    }
    do {
      return try await withTaskCancellationHandler {
        try await promise.futureResult.get()
      } onCancel: {
        channel.close(promise: nil)
      }
    } catch let error as ConnectError { throw error } catch { throw .unreachable("\(error)") }
  }

  private static func text(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if error.dnsAError ?? error.dnsAAAAError != nil, error.connectionErrors.isEmpty {
        return "no address is known for this name"
      }
      if let first = error.connectionErrors.first?.error as? IOError {
        return String(cString: strerror(first.errnoCode))
      }
      return "connection failed"
    case let error as IOError: return String(cString: strerror(error.errnoCode))
    case is ChannelError: return "connection timed out"
    default: return "\(error)"
    }
  }
}
