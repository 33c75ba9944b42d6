import Bridge
import Pool

/// Turns what happens in the pool into what one farmer's page wants to hear.
struct FarmerWatcher {
  let desk: FarmerDesk
  let farmer: API.FarmerID

  /// `last` is the block as it was last told; a countdown alone is no news.
  func events(for change: PoolChange, last: inout API.BlockNow?) async -> [API.Event] {
    switch change {
    case .ledger: return await block(&last).map { [$0] } ?? []
    case .farmer(let id):
      guard id == farmer.rawValue else { return [] }
      return (await block(&last).map { [$0] } ?? []) + [.changed([.dashboard, .blocks, .rewards])]
    case .notice(let notice):
      guard await concerns(notice) else { return [] }
      return [
        .notice(
          API.Event.Notice(level: notice.level == "info" ? .info : .warning, text: notice.text))
      ]
    case .assignments: return []
    }
  }

  private func block(_ last: inout API.BlockNow?) async -> API.Event? {
    guard
      let now = try? await desk.standing(of: farmer, { [pace = desk.pace] in $0.block(pace) })
    else { return nil }
    var still = now
    still.nextOpensInSeconds = last?.nextOpensInSeconds
    guard still != last else { return nil }
    last = now
    return .block(now)
  }

  /// A notice is for this farmer, or for all farmers of this one's pooler.
  private func concerns(_ notice: Notice) async -> Bool {
    if let named = notice.farmer { return named == farmer.rawValue }
    guard let pooler = notice.pooler else { return false }
    let own = try? await desk.standing(of: farmer) { $0.membership?.pooler.rawValue }
    return own == pooler
  }
}
