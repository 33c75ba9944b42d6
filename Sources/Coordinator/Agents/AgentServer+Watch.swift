import Bytes
import FramedRPC
import Pool
package import RPCTransport

/// What the coordinator does to sessions on its own account.
extension AgentServer {
  /// Between two looks at who is stuck, who did not come back and who is not wanted any more: a
  /// revoked agent is out within a second.
  static let lookInterval = Duration.milliseconds(500)
  /// A stuck agent whose calls were ended has so long to connect anew by itself.
  static let resetGrace = Duration.seconds(2)

  /// Runs beside the server until cancelled.
  package func watch(_ server: RPCServer) async throws {
    try await desk.expectAgents()
    var closing: [(session: AgentSession, at: ContinuousClock.Instant)] = []
    var approved: Set<Bytes32> = []
    while true {
      try await Task.sleep(for: Self.lookInterval)
      let wedged = Set(try await desk.lookAround())
      let revoked = await revokedAgents
      let pending = await pendingAgents
      let sessions = server.sessions
      for session in sessions {
        if let isReplaced = revoked[session.agentKey] {
          server.disconnect(
            agentKey: session.agentKey, code: isReplaced ? .replaced : .revoked,
            text: isReplaced ? "the agent's next key is in use" : "this agent's key was revoked")
        } else if session.isPending, !pending.contains(session.agentKey) {
          if approved.insert(session.agentKey).inserted {
            server.sendAway(
              agentKey: session.agentKey, code: .approved, text: "approved: connect anew")
          }
        } else if wedged.contains(session.agentKey) {
          // A process that is well but for its work answers by connecting anew.
          server.endCalls(
            agentKey: session.agentKey,
            RPCError(.unavailable, "no progress: connect anew"))
          closing.append((session, .now + Self.resetGrace))
        }
      }
      let due = closing.filter { $0.at <= .now }
      closing.removeAll { $0.at <= .now }
      for session in due.map(\.session) where sessions.contains(session) {
        server.disconnect(agentKey: session.agentKey, code: .dead, text: "no progress")
      }
    }
  }

  private var pendingAgents: Set<Bytes32> {
    get async {
      await engine.read { state, _ in
        Set(state.agents.values.filter { !$0.isApproved }.map(\.key))
      }
    }
  }

  /// Keys that are of no use any more, and whether another took their place.
  private var revokedAgents: [Bytes32: Bool] {
    get async {
      await engine.read { state, _ in state.agents.filter(\.value.isRevoked).mapValues(\.isReplaced)
      }
    }
  }
}
