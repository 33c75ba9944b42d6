package import Bytes

/// An agent named its next key and proved that it holds it. Both are good until `expiresAt`, or
/// until the next one is used.
package struct AgentKeyOffered: PoolEvent {
  package static let table = "agent_key_offers"
  /// Its key until now.
  package var agent: Bytes32
  package var next: Bytes32
  /// Unix seconds; an offer not taken up until then is void.
  package var expiresAt: Int64

  package init(agent: Bytes32, next: Bytes32, expiresAt: Int64) {
    self.agent = agent
    self.next = next
    self.expiresAt = expiresAt
  }
}

/// The next key was used for the first time: from now on it is the agent's, and the old one is
/// nobody's.
package struct AgentKeyReplaced: PoolEvent {
  package static let table = "agent_key_replacements"
  package var agent: Bytes32
  package var next: Bytes32
  package var pooler: PoolerID

  package init(agent: Bytes32, next: Bytes32, pooler: PoolerID) {
    self.agent = agent
    self.next = next
    self.pooler = pooler
  }
}
