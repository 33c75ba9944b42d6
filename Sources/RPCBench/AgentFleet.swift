package import Logging
import PoolProtocol
package import RPCTransport
package import SecureChannel
import Synchronization

/// Many agents in one process: each holds a session and the stream of its assignments, and comes
/// back as an agent does when the line is lost.
package final class AgentFleet: Sendable {
  /// How the fleet stands.
  package struct Standing: Sendable {
    /// Agents with a session and a first set of assignments in it.
    package var ready = 0
    /// Sessions begun, all together.
    package var sessions = 0
    /// Attempts that led to no session.
    package var failures = 0
    /// Verdicts that ended an agent's attempts.
    package var refusals = 0
    /// Sessions in which the coordinator still knew the agent's assignments.
    package var resumed = 0
  }

  private let coordinator: CoordinatorAddress
  private let logger: Logger
  private let standing = Mutex(Standing())
  /// Attempts at once, all together: where the agents would be on machines of their own, their
  /// share of this one must not starve the coordinator.
  private let places = Places(64)

  package init(coordinator: CoordinatorAddress, logger: Logger) {
    self.coordinator = coordinator
    self.logger = logger
  }

  package var now: Standing { standing.withLock { $0 } }

  /// Runs one agent for each token until cancelled, from `addresses` loopback addresses.
  package func run(tokens: [EnrolmentToken], addresses: Int) async {
    await withDiscardingTaskGroup { group in
      for (index, token) in tokens.enumerated() {
        let local = "127.1.\(index % addresses / 250).\(index % addresses % 250 + 1)"
        group.addTask { await self.live(token, from: local, index) }
      }
    }
  }

  private func live(_ token: EnrolmentToken, from local: String, _ index: Int) async {
    let key = StaticKeyPair(owner: .agent)
    var offer = AgentOffer(
      instance: withUnsafeBytes(of: UInt128(index + 1).bigEndian) { Array($0) },
      agentVersion: "bench", agentName: "bench-\(index)")
    var token: EnrolmentToken? = token
    var backoff = Backoff()
    while !Task.isCancelled {
      await places.take()
      let attempt: Result<RPCSession, ConnectError>
      do throws(ConnectError) {
        attempt = .success(
          try await RPCClient.connect(
            to: coordinator, from: local, serverKey: coordinator.serverKeys[0], agentKey: key,
            token: token, offer: offer, logger: logger))
      } catch { attempt = .failure(error) }
      places.giveBack()
      switch attempt {
      case .success(let session):
        token = nil
        offer.previousSession = session.outcome.sessionID
        standing.withLock { standing in
          standing.sessions += 1
          if session.outcome.resumed { standing.resumed += 1 }
        }
        backoff.reset()
        await hold(session)
      case .failure(.refused(let verdict, _))
      where [.unknownKey, .revoked, .token].contains(verdict):
        return standing.withLock { $0.refusals += 1 }
      case .failure: standing.withLock { $0.failures += 1 }
      }
      try? await Task.sleep(for: backoff.next())
    }
  }

  /// Until the session's end.
  private func hold(_ session: RPCSession) async {
    var isReady = false
    do {
      try await session.withStream(Work.assignments, AssignmentsRequest()) { sets in
        for try await _ in sets where !isReady {
          isReady = true
          standing.withLock { $0.ready += 1 }
        }
      }
    } catch {}  // The session's end says why.
    if isReady { standing.withLock { $0.ready -= 1 } }
    session.close()
    _ = await session.waitForEnd()
  }
}
