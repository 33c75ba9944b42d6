package import HashEngine
package import RPCTransport
package import SecureChannel

/// What an agent is told by its owner.
package struct AgentSettings: Sendable {
  /// In the order they are tried.
  package var coordinators: [CoordinatorAddress]
  /// Holds `agent.key` and the mark of acceptance; see certs/README.md.
  package var keysFolder = "certs"
  package var token: EnrolmentToken?
  /// What the operator sees until it names the agent otherwise.
  package var name: String
  package var version: String
  /// The pooler's own limit, nil for none.
  package var farmersMax: UInt32?
  /// How long before a block may open it is asked for; nil: three ledgers and a second.
  package var plantAhead: Duration?
  /// At most ``Agent/reportIntervalMax``.
  package var reportInterval = Duration.seconds(5)
  /// A session with another than the first coordinator of the list is left for the first once it
  /// has lasted so long and the first can be reached.
  package var returnAfter = Duration.seconds(600)
  package var hashing = HashEngine.Settings()
  /// Padding hides record lengths.
  package var padding = true

  package init(coordinators: [CoordinatorAddress], name: String, version: String) {
    precondition(!coordinators.isEmpty)
    self.coordinators = coordinators
    self.name = name
    self.version = version
  }
}
