package import HashEngine
import PoolProtocol
import Synchronization

/// What the owner of an agent wants to see of it at one moment.
package struct AgentStatus: Sendable {
  package var engine: EngineStatus
  /// The block now open; nil without a connection.
  package var block: UInt32?
  /// When the next block may open; nil without a connection.
  package var nextOpenAt: ContinuousClock.Instant?

  package init(
    engine: EngineStatus, block: UInt32? = nil, nextOpenAt: ContinuousClock.Instant? = nil
  ) {
    self.engine = engine
    self.block = block
    self.nextOpenAt = nextOpenAt
  }
}

extension Agent {
  package var status: AgentStatus {
    let standing = monitor.withLock { $0.standing }
    return AgentStatus(
      engine: workshop.status.engine, block: standing?.block, nextOpenAt: standing?.nextOpenAt)
  }
}

extension BlockMonitor {
  /// The open block and when the next may open, as the coordinator last said.
  var standing: (block: UInt32, nextOpenAt: ContinuousClock.Instant)? {
    guard let facts, let receivedAt else { return nil }
    return (facts.blockIndex, receivedAt + .milliseconds(Int64(facts.nextOpenInMs)))
  }
}
