package import Bytes
package import FramedRPC

/// What a handler knows of its call. The call's cancellation is its task's cancellation.
package struct CallContext: Sendable {
  package let session: AgentSession
  package let method: MethodInfo
  package let deadline: ContinuousClock.Instant?
  /// Sixteen bytes, or empty.
  package let requestID: [UInt8]
  package let metadata: [Headers.Entry]

  package var agentKey: Bytes32 { session.agentKey }
}
