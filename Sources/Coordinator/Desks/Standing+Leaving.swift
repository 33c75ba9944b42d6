import Bridge
import Bytes
import KaleRules
import Pool

extension Standing {
  /// Leaving as far as it has come, without the time of its request; nil for nobody who leaves.
  var leaving: API.Leaving? {
    guard let exit = farmer.exit, !farmer.hasLeft else { return nil }
    let (phase, note) = phase(of: exit)
    return API.Leaving(
      phase: phase, requestedAt: API.Timestamp(unixSeconds: 0),
      blocksToHarvest: farmer.plantings.count, canCallOff: !settlementHasBegun, note: note)
  }

  private func phase(of exit: Exit) -> (API.LeavingPhase, String?) {
    if exit.settled != nil { return (.closing, nil) }
    guard farmer.plantings.isEmpty else {
      if let view, farmer.plantings.keys.contains(where: { $0 >= view.farmIndex }) {
        return (.requested, "waits for the open block to close")
      }
      return (.harvesting, "waits for \(farmer.plantings.count) harvests")
    }
    if settlementHasBegun { return (.settling, nil) }
    guard let view else { return (.held, "the pool does not follow the chain yet") }
    return state.holdsSettlement(farmer, view).map { (.held, $0) } ?? (.settling, nil)
  }

  /// Whether a settlement stands on chain or may be on its way there, so that it is too late to
  /// call leaving off.
  var settlementHasBegun: Bool {
    guard let exit = farmer.exit else { return false }
    if exit.settled != nil { return true }
    // What is under way in a wallet without open blocks may be the settlement, decided and not yet
    // stored.
    if farmer.plantings.isEmpty, view?.busy.contains(farmer.wallet) == true { return true }
    return state.pending.values.contains { $0.kind == .settle && $0.farmer == farmer.id }
  }
}
