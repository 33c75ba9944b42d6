/// How a node is, as its clients see it.
package struct NodeStatus: Sendable {
  package let endpoint: String
  /// It answered last time, and not long ago.
  package let isUp: Bool
  package let latest: LedgerTick?
  /// Ledgers behind the first node.
  package let lag: UInt32?
  package let latency: Duration
  package let requests: Int
  package let failures: Int
  /// Ledgers in which what it said of the block could not be, or another node contradicted it.
  package let disagreements: Int
  /// Of a node that does not answer.
  package let lastError: RPCError?
}
