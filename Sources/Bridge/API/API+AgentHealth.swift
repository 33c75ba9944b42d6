extension API {
  /// One agent as the operator sees it.
  package struct AgentHealth: Hashable, Sendable, Codable {
    package var id: String
    package var name: String
    package var pooler: PoolerID
    package var online: Bool
    /// `online`, `away` (its line broke a moment ago), `wedged` (it answers, and nothing moves),
    /// `offline`, or `pending` (it waits for approval).
    package var state: String
    package var lastSeenAt: Timestamp?
    package var roundTripMilliseconds: Double?
    package var version: String?
    /// Delivered, hashes a second.
    package var hashRate: Double
    /// From its capacity report.
    package var hashRateClaimed: Double
    package var threads: Int
    /// Live now.
    package var assignments: Int
    package var maxFarmers: Int
    /// Since it was enrolled.
    package var noncesInvalid: Int
    package var noncesLate: Int

    package init(
      id: String, name: String, pooler: PoolerID, online: Bool, state: String,
      lastSeenAt: Timestamp? = nil, roundTripMilliseconds: Double? = nil, version: String? = nil,
      hashRate: Double,
      hashRateClaimed: Double, threads: Int, assignments: Int, maxFarmers: Int, noncesInvalid: Int,
      noncesLate: Int
    ) {
      self.id = id
      self.name = name
      self.pooler = pooler
      self.online = online
      self.state = state
      self.lastSeenAt = lastSeenAt
      self.roundTripMilliseconds = roundTripMilliseconds
      self.version = version
      self.hashRate = hashRate
      self.hashRateClaimed = hashRateClaimed
      self.threads = threads
      self.assignments = assignments
      self.maxFarmers = maxFarmers
      self.noncesInvalid = noncesInvalid
      self.noncesLate = noncesLate
    }
  }
}
