import Bytes
package import Logging
import PoolProtocol
package import RPCTransport
package import SecureChannel
import Synchronization

/// Agents that are connected and call five times a second: what others' attacks do to them.
package final class PingProbe: Sendable {
  /// Milliseconds from the request to the answer.
  package struct Figures: Codable, Sendable {
    package var calls: Int
    package var failures: Int
    package var p50Ms: Double
    package var p99Ms: Double
  }

  private static let interval = Duration.milliseconds(200)

  private let sessions: [RPCSession]
  private let histogram = Mutex(LatencyHistogram())
  private let failures = Atomic(0)

  /// Enrols and connects one agent for each token.
  package init(
    _ coordinator: CoordinatorAddress, tokens: [EnrolmentToken], logger: Logger
  ) async throws {
    var sessions: [RPCSession] = []
    for token in tokens {
      sessions.append(
        try await Self.connect(
          coordinator, key: StaticKeyPair(owner: .agent), token: token, logger: logger))
    }
    self.sessions = sessions
  }

  package static func connect(
    _ coordinator: CoordinatorAddress, key: StaticKeyPair, token: EnrolmentToken? = nil,
    logger: Logger
  ) async throws(ConnectError) -> RPCSession {
    try await RPCClient.connect(
      to: coordinator, serverKey: coordinator.serverKeys[0], agentKey: key, token: token,
      offer: AgentOffer(
        instance: Array(key.publicKey.bytes.prefix(16)), agentVersion: "bench", agentName: "probe"),
      logger: logger)
  }

  /// Calls until cancelled.
  package func run() async {
    await withDiscardingTaskGroup { group in
      for (index, session) in sessions.enumerated() {
        group.addTask {
          // Spread over the interval.
          try? await Task.sleep(for: Self.interval / self.sessions.count * index)
          while !Task.isCancelled {
            let began = ContinuousClock.now
            do {
              _ = try await session.call(Control.serverKeys, ServerKeysRequest())
              self.histogram.withLock { $0.record(.now - began) }
            } catch {
              if Task.isCancelled { return }
              self.failures.wrappingAdd(1, ordering: .relaxed)
            }
            try? await Task.sleep(for: Self.interval)
          }
        }
      }
    }
    for session in sessions { session.close() }
  }

  /// What was measured since the last look.
  package func take() -> Figures {
    let histogram = histogram.withLock { histogram in
      defer { histogram = LatencyHistogram() }
      return histogram
    }
    func ms(_ quantile: Double) -> Double { (histogram.microseconds(at: quantile) ?? 0) / 1_000 }
    return Figures(
      calls: Int(histogram.count), failures: failures.exchange(0, ordering: .relaxed),
      p50Ms: ms(0.5), p99Ms: ms(0.99))
  }
}
