package import Bytes
package import FramedRPC
package import SecureChannel

/// Who may connect: the coordinator's database, behind the server's cryptography.
package protocol AgentAuthority: Sendable {
  /// Decides about an agent that has proved its key and, if it named one, its token.
  ///
  /// A token that is to enrol the key is used up and committed before this returns. May be called
  /// for several connections at once, also for one key.
  func admit(_ claim: AgentClaim, from address: String) async -> Admission

  /// After an admission that opens a session and before READY goes out: no call of the session
  /// arrives before this returns.
  func sessionOpened(_ session: AgentSession) async

  /// Exactly once for each session opened.
  func sessionClosed(_ session: AgentSession, _ end: SessionEnd) async
}

/// The answer to a claim.
package struct Admission: Sendable {
  package var verdict: Verdict
  /// The agent's name as the operator knows it.
  package var displayName = ""
  /// The assignments of the session it names are still its own.
  package var resumed = false
  package var retryAfterMs: UInt32 = 0

  package init(_ verdict: Verdict) { self.verdict = verdict }
}

/// One authenticated connection of an agent, as the server sees it.
package struct AgentSession: Sendable, Hashable {
  /// Sixteen random bytes.
  package let id: [UInt8]
  package let agentKey: Bytes32
  /// Waits for approval: Control's calls only.
  package let isPending: Bool
  package let agentName: String
  package let agentVersion: String
  /// Sixteen bytes, once per agent process.
  package let instance: [UInt8]
  package let address: String
  /// The coordinator's key that the agent used.
  package let serverKey: Bytes32
  /// h₄: names this session in proofs made within it.
  package let transcript: [UInt8]
}

/// How a session ended.
package struct SessionEnd: Sendable, Hashable {
  /// CLOSE's code, ours or the peer's; nil where the connection was lost without one.
  package let code: CloseCode?
  /// For the log.
  package let reason: String

  package init(code: CloseCode?, reason: String) {
    self.code = code
    self.reason = reason
  }
}
