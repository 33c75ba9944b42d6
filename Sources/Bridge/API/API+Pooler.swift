extension API {
  /// A pooler as a farmer sees it when choosing; the service sorts, best first.
  package struct Pooler: Hashable, Sendable, Codable {
    package var id: PoolerID
    package var name: String
    /// The pooler's share of rewards, basis points, fixed for a farmer at joining.
    package var shareBps: Int
    /// Farmers now.
    package var farmers: Int
    /// How many more are admitted now; 0 where a new farmer would wait.
    package var placesFree: Int
    /// Farmers in the waiting list.
    package var waiting: Int
    /// Plantings worked in time, 0...1, over the last 288 blocks; nil before the first.
    package var workSuccess: Double?
    /// Share of the last 24 h with a live agent, 0...1; nil for a new pooler.
    package var uptime: Double?
    /// Measured hashes a second over all agents.
    package var hashRate: Double
    /// An agent is connected now.
    package var online: Bool
    /// Takes new farmers (or lets them wait).
    package var accepting: Bool

    package init(
      id: PoolerID, name: String, shareBps: Int, farmers: Int, placesFree: Int, waiting: Int,
      workSuccess: Double? = nil, uptime: Double? = nil, hashRate: Double, online: Bool,
      accepting: Bool
    ) {
      self.id = id
      self.name = name
      self.shareBps = shareBps
      self.farmers = farmers
      self.placesFree = placesFree
      self.waiting = waiting
      self.workSuccess = workSuccess
      self.uptime = uptime
      self.hashRate = hashRate
      self.online = online
      self.accepting = accepting
    }
  }
}
