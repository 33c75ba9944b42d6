import Bridge
import Bytes
import KaleRules
import Pool
import Store

/// A pooler as a farmer chooses it, and its rank.
///
/// Who accepts comes before who does not, who has a place free before who has a waiting list, who is
/// online before who is not; then the score, from 0 to 100, all of it from figures that are shown:
///
///     40 × plantings worked in time, of the last 288 blocks     (new: 0.9)
///     25 × part of the last 24 h with an agent connected        (new: 0.9)
///     15 × hash rate for each farmer, of the best pooler's
///     15 × the part of rewards that the farmer keeps
///      5 × free places, of all its places
///
/// A pooler of whom nothing is known yet is taken for a good one, below the best: it could never
/// begin otherwise.
struct PoolerOffer {
  var shown: API.Pooler
  /// Hashes a second for each farmer it would have with one more.
  var rateForEach: Double
  var places: Int

  static let unknown = 0.9

  init(
    _ pooler: Pooler, in state: PoolState, _ view: ChainView?, _ reliability: History.Reliability?
  ) {
    let farmers = state.membership(of: pooler.id)
    let live = state.agents.values.filter {
      $0.pooler == pooler.id && $0.mayWork && view?.liveAgents.contains($0.key) == true
    }
    let rate = Double(live.reduce(0) { $0 + $1.hashesPerSecond })
    let free = pooler.queue.isEmpty ? state.free(with: pooler) : 0
    shown = API.Pooler(
      id: API.PoolerID(rawValue: pooler.id), name: pooler.name,
      shareBps: Int(pooler.shareBps.rawValue), farmers: farmers, placesFree: free,
      waiting: pooler.queue.count,
      workSuccess: reliability?.workSuccess, uptime: reliability?.uptime, hashRate: rate,
      online: !live.isEmpty, accepting: pooler.debt == 0 && !pooler.isSuspended)
    rateForEach = rate / Double(farmers + 1)
    places = max(1, pooler.farmersMax)
  }

  func score(bestRate: Double) -> Double {
    let kept = 1 - Double(shown.shareBps) / Double(BasisPoints.whole.rawValue)
    return 40 * (shown.workSuccess ?? Self.unknown) + 25 * (shown.uptime ?? Self.unknown)
      + 15 * (bestRate > 0 ? rateForEach / bestRate : 0) + 15 * kept
      + 5 * Double(shown.placesFree) / Double(places)
  }

  /// Best first; equals by their number.
  static func ranked(_ offers: [PoolerOffer]) -> [API.Pooler] {
    let best = offers.map(\.rateForEach).max() ?? 0
    let scored = offers.map { ($0.shown, $0.score(bestRate: best)) }
    return scored.sorted { a, b in
      if a.0.accepting != b.0.accepting { return a.0.accepting }
      let hasPlace = a.0.placesFree > 0
      if hasPlace != (b.0.placesFree > 0) { return hasPlace }
      if a.0.online != b.0.online { return a.0.online }
      if a.1 != b.1 { return a.1 > b.1 }
      return a.0.id.rawValue < b.0.id.rawValue
    }.map(\.0)
  }
}
