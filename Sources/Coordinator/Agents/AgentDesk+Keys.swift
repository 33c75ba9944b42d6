import Bytes
import FramedRPC
import Pool
import PoolProtocol

/// Agents' keys.
extension AgentDesk {
  /// An agent has proved that it holds its next key.
  func offered(_ next: Bytes32, by agent: Bytes32, now: Int64) async throws -> RotateKeyReply {
    let expiresAt = try await engine.decide { state, _ in
      guard let offer = state.offer(of: next, by: agent, now: now) else {
        throw RPCError(.alreadyExists, "the next key is known already: make another")
      }
      return (offer.expiresAt, offer.events)
    }
    return RotateKeyReply(expiresAtS: UInt64(max(0, expiresAt)))
  }
}
