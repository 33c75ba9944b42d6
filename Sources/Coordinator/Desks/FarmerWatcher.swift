import Bridge
import Pool

/// Turns what happens in the pool into what one farmer's page wants to hear.
struct FarmerWatcher {
  let desk: FarmerDesk
  let farmer: API.FarmerID
  private var lastBlock: API.BlockNow?
  private var lastGlance: Glance?

  /// What a page shows besides blocks; deposits and set-up change it without the farmer's doing.
  private struct Glance: Hashable {
    var status: API.FarmerStatus
    var wallet: API.Wallet
    var settings: API.Settings
    var leaving: API.LeavingPhase?
    var isConfirmed: Bool
    var blocks: Int
  }

  init(desk: FarmerDesk, farmer: API.FarmerID) {
    self.desk = desk
    self.farmer = farmer
  }

  mutating func events(for change: PoolChange) async -> [API.Event] {
    switch change {
    case .ledger: return await look(always: false)
    case .farmer(let id): return id == farmer.rawValue ? await look(always: true) : []
    case .notice(let notice):
      guard await concerns(notice) else { return [] }
      return [
        .notice(
          API.Event.Notice(level: notice.level == "info" ? .info : .warning, text: notice.text))
      ]
    case .assignments: return []
    }
  }

  /// What differs from the last look; `always`: something is known to.
  private mutating func look(always: Bool) async -> [API.Event] {
    let found = try? await desk.standing(of: farmer) { [pace = desk.pace] standing in
      (
        standing.block(pace),
        Glance(
          status: standing.status, wallet: standing.wallet, settings: standing.settings,
          leaving: standing.leaving?.phase,
          isConfirmed: standing.farmer.agreement?.isConfirmed == true,
          blocks: standing.farmer.plantings.count)
      )
    }
    guard let (block, glance) = found else { return [] }
    var events: [API.Event] = []
    if let block, isNews(block) { events.append(.block(block)) }
    if always || (lastGlance != nil && glance != lastGlance) {
      events.append(.changed([.dashboard, .blocks, .rewards]))
    }
    (lastBlock, lastGlance) = (block, glance)
    return events
  }

  /// A countdown alone is no news.
  private func isNews(_ block: API.BlockNow) -> Bool {
    var still = block
    still.nextOpensInSeconds = lastBlock?.nextOpensInSeconds
    return still != lastBlock
  }

  /// A notice is for this farmer, or for all farmers of this one's pooler.
  private func concerns(_ notice: Notice) async -> Bool {
    if let named = notice.farmer { return named == farmer.rawValue }
    guard let pooler = notice.pooler else { return false }
    let own = try? await desk.standing(of: farmer) { $0.membership?.pooler.rawValue }
    return own == pooler
  }
}
