import Bytes
import FramedRPC
import Logging
import PoolProtocol
import RPCTransport
import SecureChannel
import Synchronization

/// A coordinator's agents' side with one farmer and one block, over a real socket.
final class FakePool: AgentAuthority {
  enum Seen: Sendable, Equatable {
    case connected(name: String, previous: [UInt8]?)
    /// Who connected, apart from ``connected(name:previous:)``.
    case came(Bytes32)
    case rotated(Bytes32)
    case planted(UInt32)
    case adopted(UInt64)
    case found(NonceFound)
    case done(WorkDone)
    case capacity(CapacityReport)
    case health(HealthReport)
  }

  static let farmer = Bytes32([UInt8](repeating: 9, count: 32))!
  static let entropy = Bytes32([UInt8](repeating: 4, count: 32))!
  static let block: UInt32 = 12
  static let handle: UInt64 = 5

  let key = StaticKeyPair(owner: .server)
  let seen: AsyncStream<Seen>
  private let continuation: AsyncStream<Seen>.Continuation
  private let tokens: Mutex<Set<Bytes32>>
  private let agents: Mutex<Set<Bytes32>>

  init(tokens: Set<Bytes32> = [], agents: Set<Bytes32> = []) {
    self.tokens = Mutex(tokens)
    self.agents = Mutex(agents)
    (seen, continuation) = AsyncStream.makeStream()
  }

  static let logger: Logger = {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }()

  /// - Parameters:
  ///   - host: a loopback address.
  ///   - port: 0: any free one.
  ///   - keys: nil: ``key`` alone.
  func server(host: String = "127.0.0.1", port: Int = 0, keys: [StaticKeyPair]? = nil) -> RPCServer
  {
    var services = RPCServices()
    services.handle(Control.plant) { [self] request, _ in
      continuation.yield(.planted(request.blockIndex))
      return PlantReply(blockIndex: request.blockIndex, farmers: 1, already: false)
    }
    services.handle(Control.rotateKey) { [self] request, context in
      guard let next = context.nextKey(provedBy: request.proof) else {
        throw RPCError(.invalidArgument, "no proof")
      }
      agents.withLock { _ = $0.insert(next) }
      continuation.yield(.rotated(next))
      return RotateKeyReply(expiresAtS: 1)
    }
    services.handle(Control.serverKeys) { _, context in
      ServerKeysReply(keys: context.publicKeys)
    }
    services.handle(Control.facts) { _, writer, _ in
      try await writer.write(
        FarmFacts(
          ledgerSequence: 100, ledgerCloseTimeS: 1_000, blockIndex: Self.block,
          blockOpenedAtS: 900, blockSeconds: 300, ledgerIntervalMs: 1_000,
          nextOpenInMs: 3_600_000, accepting: true))
      try await Task.sleep(for: .seconds(3_600))
    }
    services.handle(Work.assignments) { _, writer, _ in
      try await writer.write(
        AssignmentSet(
          version: 3, blockIndex: Self.block, entropy: Self.entropy, maxZeros: 12,
          remainingMs: 60_000,
          assignments: [
            Assignment(
              handle: Self.handle, farmerKey: Self.farmer, nonces: 0...UInt64.max, bestZeros: nil)
          ]))
      try await Task.sleep(for: .seconds(3_600))
    }
    services.handle(Work.nonces) { [self] reports, writer, _ in
      for try await report in reports {
        switch report {
        case .adopted(let version): continuation.yield(.adopted(version))
        case .done(let work): continuation.yield(.done(work))
        case .found(let nonce):
          continuation.yield(.found(nonce))
          try await writer.write(
            NonceAck(
              handle: nonce.handle, blockIndex: nonce.blockIndex, nonce: nonce.nonce,
              verdict: .accepted, zeros: nonce.zeros))
        }
      }
    }
    services.handle(Health.capacity) { [self] report, _ in
      continuation.yield(.capacity(report))
      return CapacityReply()
    }
    services.handle(Health.report) { [self] report, _ in
      continuation.yield(.health(report))
      return HealthReply()
    }
    return RPCServer(
      settings: RPCServerSettings(host: host, port: port), keys: keys ?? [key], authority: self,
      services: services,
      logger: Self.logger)
  }

  func admit(_ claim: AgentClaim, from address: String) async -> Admission {
    if agents.withLock({ $0.contains(claim.agentKey) }) {
      continuation.yield(.came(claim.agentKey))
      continuation.yield(.connected(name: claim.agentName, previous: claim.previousSession))
      return Admission(.accepted)
    }
    guard case .holds(let token) = claim.token else { return Admission(.unknownKey) }
    guard tokens.withLock({ $0.remove(token) }) != nil else { return Admission(.token) }
    agents.withLock { _ = $0.insert(claim.agentKey) }
    continuation.yield(.connected(name: claim.agentName, previous: claim.previousSession))
    return Admission(.accepted)
  }

  func sessionOpened(_ session: AgentSession) async {}
  func sessionClosed(_ session: AgentSession, _ end: SessionEnd) async {}

  /// The next thing seen for which `pick` gives a value.
  func next<T>(_ pick: (Seen) -> T?) async -> T? {
    for await one in seen { if let value = pick(one) { return value } }
    return nil
  }
}
