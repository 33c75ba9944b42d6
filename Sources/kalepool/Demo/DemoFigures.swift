/// What the pool has done so far, as the coordinator counts it from its event tables.
struct DemoFigures: Sendable, Equatable {
  var planted = 0
  /// Plantings that did not come about.
  var missed = 0
  var worked = 0
  var harvested = 0
  var rewardStroops = 0
  var stakeLosses = 0
  var exits = 0
  /// Calls that a Stellar node gave no usable answer to.
  var callsFailed = 0
  /// Transactions that are sent and not resolved.
  var inFlight = 0

  init() {}

  init(_ metrics: Prometheus) {
    planted = metrics.whole("kalepool_plantings_total", #"outcome="planted""#) ?? 0
    missed = metrics.whole("kalepool_plantings_total", #"outcome="missed""#) ?? 0
    worked = metrics.whole("kalepool_works_total") ?? 0
    harvested = metrics.whole("kalepool_harvests_total") ?? 0
    rewardStroops = metrics.whole("kalepool_rewards_stroops_total") ?? 0
    stakeLosses = metrics.whole("kalepool_stake_losses_total") ?? 0
    exits = metrics.whole("kalepool_exits_total") ?? 0
    callsFailed = metrics.whole("kalepool_node_failures_total") ?? 0
    inFlight = metrics.whole("kalepool_in_flight") ?? 0
  }

  /// Every planting has come to its end and nothing is under way.
  var isSettled: Bool {
    inFlight == 0 && worked + stakeLosses >= planted && harvested >= worked
  }

  /// What was added since other figures were read.
  func since(_ before: DemoFigures) -> DemoFigures {
    var new = self
    new.planted -= before.planted
    new.missed -= before.missed
    new.worked -= before.worked
    new.harvested -= before.harvested
    new.rewardStroops -= before.rewardStroops
    new.stakeLosses -= before.stakeLosses
    new.exits -= before.exits
    new.callsFailed -= before.callsFailed
    return new
  }
}
