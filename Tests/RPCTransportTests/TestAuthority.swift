import Bytes
import FramedRPC
import RPCTransport
import SecureChannel
import Synchronization

/// Knows agents and tokens as a coordinator's database would.
final class TestAuthority: AgentAuthority {
  struct State {
    var agents: Set<Bytes32> = []
    var pending: Set<Bytes32> = []
    var revoked: Set<Bytes32> = []
    var tokens: Set<Bytes32> = []
    var open: [[UInt8]] = []
    var ends: [SessionEnd] = []
  }

  let state: Mutex<State>
  let closed: AsyncStream<SessionEnd>
  private let closedContinuation: AsyncStream<SessionEnd>.Continuation

  init(agents: Set<Bytes32> = [], pending: Set<Bytes32> = [], tokens: Set<Bytes32> = []) {
    state = Mutex(State(agents: agents, pending: pending, tokens: tokens))
    (closed, closedContinuation) = AsyncStream.makeStream()
  }

  func admit(_ claim: AgentClaim, from address: String) async -> Admission {
    state.withLock { state in
      if state.revoked.contains(claim.agentKey) { return Admission(.revoked) }
      if state.pending.contains(claim.agentKey) { return Admission(.pending) }
      if !state.agents.contains(claim.agentKey) {
        switch claim.token {
        case .none: return Admission(.unknownKey)
        case .broken: return Admission(.token)
        case .holds(let key):
          guard state.tokens.remove(key) != nil else { return Admission(.token) }
          state.agents.insert(claim.agentKey)
        }
      }
      var admission = Admission(.accepted)
      admission.displayName = "known as \(claim.agentName)"
      return admission
    }
  }

  func sessionOpened(_ session: AgentSession) async {
    state.withLock { $0.open.append(session.id) }
  }

  func sessionClosed(_ session: AgentSession, _ end: SessionEnd) async {
    state.withLock { state in
      state.open.removeAll { $0 == session.id }
      state.ends.append(end)
    }
    closedContinuation.yield(end)
  }

  /// The next session that ended.
  func nextEnd() async -> SessionEnd? {
    for await end in closed { return end }
    return nil
  }
}
