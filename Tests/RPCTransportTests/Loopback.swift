import Bytes
import FramedRPC
import Logging
import PoolProtocol
import RPCTransport
import SecureChannel

/// A server on a free port of this machine, and agents for it.
struct Loopback {
  let serverKey: StaticKeyPair
  let authority: TestAuthority
  let server: RPCServer
  let port: Int

  static let logger: Logger = {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }()

  static func run(
    authority: TestAuthority, terms: SessionTerms = SessionTerms(),
    records: RecordSettings = RecordSettings(), services: RPCServices = .test(),
    _ body: (Loopback) async throws -> Void
  ) async throws {
    let key = StaticKeyPair(owner: .server)
    var settings = RPCServerSettings()
    settings.terms = terms
    settings.records = records
    let server = RPCServer(
      settings: settings, keys: [key], authority: authority, services: services, logger: logger)
    let port = try await server.start()
    do {
      try await body(Loopback(serverKey: key, authority: authority, server: server, port: port))
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  func connect(
    _ agent: StaticKeyPair, serverKey: Bytes32? = nil, token: EnrolmentToken? = nil,
    previous: [UInt8]? = nil, port: Int? = nil, records: RecordSettings = RecordSettings()
  ) async throws(ConnectError) -> RPCSession {
    let key = serverKey ?? self.serverKey.publicKey
    var offer = AgentOffer(
      instance: [UInt8](repeating: 1, count: 16), agentVersion: "test", agentName: "rig")
    offer.previousSession = previous
    return try await RPCClient.connect(
      to: CoordinatorAddress(host: "127.0.0.1", port: port ?? self.port, serverKeys: [key]),
      serverKey: key,
      agentKey: agent, token: token, offer: offer, records: records, logger: Self.logger)
  }
}

extension RPCServices {
  /// Services that answer from their requests.
  static func test() -> RPCServices {
    var services = RPCServices()
    services.handle(Control.plant) { request, _ in
      if request.blockIndex == 0 {
        throw RPCError(
          .failedPrecondition, "no such block", detail: .staleBlock(currentBlockIndex: 9))
      }
      return PlantReply(blockIndex: request.blockIndex, farmers: 3, already: false)
    }
    services.handle(Control.facts) { _, writer, _ in
      for sequence in 1...100 { try await writer.write(.test(UInt32(sequence))) }
    }
    services.handle(Work.nonces) { reports, writer, _ in
      for try await report in reports {
        guard case .found(let found) = report else { continue }
        try await writer.write(
          NonceAck(
            handle: found.handle, blockIndex: found.blockIndex, nonce: found.nonce,
            verdict: .accepted, zeros: found.zeros))
      }
    }
    return services
  }
}

extension AgentHandshake {
  /// A known agent's.
  static func test(_ serverKey: StaticKeyPair, _ agent: StaticKeyPair) -> AgentHandshake {
    AgentHandshake(
      serverKey: serverKey.publicKey, agentKey: agent,
      offer: AgentOffer(
        instance: [UInt8](repeating: 2, count: 16), agentVersion: "raw", agentName: "raw"))
  }
}

extension FarmFacts {
  static func test(_ sequence: UInt32) -> FarmFacts {
    FarmFacts(
      ledgerSequence: sequence, ledgerCloseTimeS: 1_700_000_000, blockIndex: 7,
      blockOpenedAtS: 1_699_999_900, blockSeconds: 300, ledgerIntervalMs: 5_000,
      nextOpenInMs: 200_000, accepting: true)
  }
}
