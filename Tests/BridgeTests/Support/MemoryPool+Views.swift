import Bridge
import Synchronization

extension MemoryPool {
  func dashboard(farmer id: API.FarmerID) async throws -> API.Dashboard {
    if let fault = state.withLock({ $0.fault }) { throw fault }
    let farmer = try farmer(id)
    let (block, entry, inPool) = state.withLock { state in
      (
        state.block, farmer.pooler.flatMap { state.poolers[$0] },
        state.farmers.values.count { $0.pooler == farmer.pooler }
      )
    }
    let membership = farmer.pooler.map {
      API.Membership(pooler: $0, state: .joined, shareBps: farmer.shareBps)
    }
    var pooler: API.Pooler?
    if let id = farmer.pooler, let entry { pooler = self.pooler(id, entry, farmers: inPool) }
    let nothing = API.Amount(stroops: 0)
    let farming = farmer.status == .farming
    return API.Dashboard(
      now: clock.now, handle: farmer.handle, status: farmer.status,
      nextStep: Self.nextStep(farmer), wallet: farmer.wallet, pooler: pooler,
      membership: membership, settings: farmer.settings,
      block: API.BlockNow(
        index: block, openedAt: clock.now, nextOpensInSeconds: 212,
        state: farming ? .planted : nil,
        stake: farming
          ? API.Amount(
            stroops: farmer.wallet.kale.stroops * Int64(farmer.settings.stakeBps) / 10_000) : nil,
        zeros: farming ? 7 : nil),
      unharvestedBlocks: 0, unharvestedStake: nothing,
      rewardsSinceJoining: API.Amount(stroops: farmer.rewards), stakeLost: nothing,
      stakeLostByPooler: nothing, leaving: farmer.leaving)
  }

  static func nextStep(_ farmer: Farmer) -> String {
    switch farmer.status {
    case .awaitingXLM: "Send at least 3 XLM to your wallet; send KALE only after that."
    case .ready: "Choose a pooler."
    case .farming: "You are farming. Each block takes about five minutes."
    case .leaving: "You are leaving: the open block is worked, then everything is paid out."
    default: "Nothing to do."
    }
  }

  func blocks(farmer: API.FarmerID, before: UInt32?, limit: Int) async throws -> API.BlockPage {
    let rows = try self.farmer(farmer).blocks.filter { before == nil || $0.block < before! }
    let page = Array(rows.prefix(limit))
    return API.BlockPage(rows: page, next: rows.count > limit ? page.last?.block : nil)
  }

  func rewards(farmer: API.FarmerID, before: UInt32?, limit: Int) async throws -> API.Rewards {
    let page = try await blocks(farmer: farmer, before: before, limit: limit)
    let farmer = try self.farmer(farmer)
    let rows = page.rows.compactMap { row -> API.RewardRow? in
      guard let reward = row.reward, let at = row.harvestedAt else { return nil }
      let share = reward.stroops * Int64(farmer.shareBps) / 10_000
      return API.RewardRow(
        block: row.block, reward: reward, stake: row.stake ?? API.Amount(stroops: 0),
        zeros: row.zeros ?? 0, gap: row.gap ?? 0, fee: API.Amount(stroops: 100),
        poolerShare: API.Amount(stroops: share),
        farmerShare: API.Amount(stroops: reward.stroops - share), harvestedAt: at,
        transaction: String(repeating: "ab", count: 32))
    }
    let total = API.Amount(stroops: farmer.rewards)
    return API.Rewards(
      total: total, sinceJoining: total, shareBps: farmer.shareBps, rows: rows, next: page.next)
  }

  func statement(farmer: API.FarmerID, after: Int64?, limit: Int) async throws
    -> API.StatementPage
  {
    let rows = try self.farmer(farmer).postings.filter { $0.id > after ?? 0 }
    let page = Array(rows.prefix(limit))
    return API.StatementPage(rows: page, next: rows.count > limit ? page.last?.id : nil)
  }
}
