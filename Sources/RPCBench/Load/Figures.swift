/// What one workload gave.
package struct WorkloadFigures: Codable, Sendable {
  package var workload: Workload
  /// Messages that came back.
  package var messages: Int
  package var seconds: Double
  package var perSecond: Double
  /// Round trips; none where messages wait in queues without a bound.
  package var p50Us: Double?
  package var p99Us: Double?
  /// CPU time while it ran, by end.
  package var clientCPUSeconds: Double
  package var serverCPUSeconds: Double
  /// By the CPU time of both ends: what a busy machine does not change much.
  package var perCPUSecond: Double
}

/// Memory of connections that do nothing, each after one call.
package struct IdleFigures: Codable, Sendable {
  package var connections: Int
  package var connectSeconds: Double
  package var serverBytesPerConnection: Int
  package var clientBytesPerConnection: Int
}

/// All that one client run gave.
package struct PeerFigures: Codable, Sendable {
  package var peer: String
  package var encrypted: Bool
  package var messageBytes: Int
  package var workloads: [WorkloadFigures]
  package var idle: IdleFigures?

  package init(
    peer: String, encrypted: Bool, workloads: [WorkloadFigures], idle: IdleFigures?,
    messageBytes: Int = Workload.messageBytes
  ) {
    self.peer = peer
    self.encrypted = encrypted
    self.workloads = workloads
    self.idle = idle
    self.messageBytes = messageBytes
  }
}
