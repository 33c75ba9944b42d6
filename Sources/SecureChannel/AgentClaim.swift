package import Bytes

/// What an agent has proved and said of itself when its INITIATE held.
package struct AgentClaim: Sendable {
  package enum TokenProof: Sendable, Hashable {
    case none
    /// The agent holds the token of this public key, which the server looks up.
    case holds(Bytes32)
    /// A token was named but not proved.
    case broken
  }

  package let agentKey: Bytes32
  package let token: TokenProof
  /// Sixteen bytes, once per agent process: the same instance is a reconnection.
  package let instance: [UInt8]
  /// The session before, or nil. No secret and no right.
  package let previousSession: [UInt8]?
  package let agentVersion: String
  package let agentName: String
  /// The coordinator's key this connection used.
  package let serverKey: Bytes32
}
