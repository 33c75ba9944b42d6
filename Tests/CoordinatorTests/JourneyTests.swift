import Bridge
import Bytes
import Coordinator
import KaleRules
import Pool
import StellarXDR
import Testing

/// A farmer's way from registering to departure, as the pages show it.
@Suite(.cluster) struct JourneyTests {
  @Test func blocksAndRewardsAreWhatHappened() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    let anna = try await office.farming("anna", pooler)
    try await office.openBlock(after: 300)
    let first = office.view.farmIndex.rawValue
    try await office.requestPlanting()
    var dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.block?.index == first && dashboard.block?.state == .planted)
    #expect(dashboard.block?.stake == API.Amount(stroops: 200_000_000))
    #expect(dashboard.wallet.kale == API.Amount(stroops: 800_000_000))
    #expect(dashboard.unharvestedBlocks == 1)
    #expect(dashboard.unharvestedStake == API.Amount(stroops: 200_000_000))
    for _ in 0..<3 { try await office.playBlock() }

    let page = try await office.farmers.blocks(farmer: anna, before: nil, limit: 50)
    #expect(page.rows.map(\.block) == [first + 2, first + 1, first] && page.next == nil)
    #expect(page.rows.allSatisfy { $0.state == .harvested && $0.zeros == 6 && $0.gap == 40 })
    #expect(page.rows.allSatisfy { $0.reward == API.Amount(stroops: office.reward) })
    #expect(page.rows.allSatisfy { $0.fees == API.Amount(stroops: 3 * office.fee.rawValue) })
    #expect(page.rows.last?.stake == API.Amount(stroops: 200_000_000))

    let rewards = try await office.farmers.rewards(farmer: anna, before: nil, limit: 2)
    #expect(rewards.total == API.Amount(stroops: 3 * office.reward))
    #expect(rewards.sinceJoining == rewards.total && rewards.shareBps == 5_000)
    #expect(rewards.rows.map(\.block) == [first + 2, first + 1] && rewards.next == first + 1)
    for row in rewards.rows {
      #expect(row.poolerShare == API.Amount(stroops: 500_000))
      #expect(row.farmerShare == API.Amount(stroops: 500_001))
      #expect(row.fee == API.Amount(stroops: office.fee.rawValue) && row.transaction != nil)
    }
    let rest = try await office.farmers.rewards(farmer: anna, before: rewards.next, limit: 2)
    #expect(rest.rows.map(\.block) == [first] && rest.next == nil && rest.total == rewards.total)
    dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.rewardsSinceJoining == rewards.total && dashboard.unharvestedBlocks == 0)
    await office.close()
  }

  @Test func pagesOfBlocksJoinWithoutGaps() async throws {
    let office = try await Office()
    let anna = try await office.farming("anna", try await office.pooler())
    try await office.openBlock(after: 300)
    for _ in 0..<3 { try await office.playBlock() }
    // One block is open: it is in the state before it is in the history.
    try await office.requestPlanting()
    let all = try await office.farmers.blocks(farmer: anna, before: nil, limit: 50).rows
    #expect(all.count == 4 && all.first?.state == .planted)
    var found: [API.BlockRow] = []
    var before: UInt32?
    repeat {
      let page = try await office.farmers.blocks(farmer: anna, before: before, limit: 1)
      found += page.rows
      before = page.next
    } while before != nil
    #expect(found == all)
    await office.close()
  }

  @Test func aMissedBlockSaysWhy() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    let anna = try await office.farming("anna", pooler)
    try await office.openBlock(after: 300)
    let block = office.view.farmIndex.rawValue
    try await office.agents.disconnected(
      SessionClosed(agent: Office.agent, session: [1], reason: "gone"))
    try await office.requestPlanting()
    #expect(try await office.farmers.dashboard(farmer: anna).block?.state == .planting)
    var row = try await office.farmers.blocks(farmer: anna, before: nil, limit: 1).rows.first
    #expect(row?.block == block && row?.state == .planting)
    try await office.openBlock(after: 300)
    row = try await office.farmers.blocks(farmer: anna, before: nil, limit: 1).rows.first
    #expect(row?.block == block && row?.state == .missed && row?.stake == nil)
    #expect(row?.note?.contains("no agent of the pooler") == true)
    #expect(try await office.farmers.dashboard(farmer: anna).nextStep.contains("not connected"))
    await office.close()
  }

  @Test func aLostStakeSaysWhoPays() async throws {
    let office = try await Office()
    let anna = try await office.farming("anna", try await office.pooler())
    try await office.openBlock(after: 300)
    try await office.requestPlanting()
    for _ in 0..<60 { try await office.ledger(nonces: false) }
    try await office.openBlock()
    let row = try await office.farmers.blocks(farmer: anna, before: nil, limit: 1).rows.first
    #expect(row?.state == .lost && row?.note?.contains("the pooler pays for it") == true)
    let dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.stakeLost == API.Amount(stroops: 200_000_000))
    #expect(dashboard.stakeLostByPooler == dashboard.stakeLost)
    await office.close()
  }

  /// Every posting once, in order; balances that follow; the last ones are what the books hold.
  @Test func theStatementAddsUp() async throws {
    let office = try await Office()
    let anna = try await office.farming("anna", try await office.pooler(), kale: 1_000_000_007)
    let berta = try await office.farming("berta", API.PoolerID(rawValue: 1))
    try await office.openBlock(after: 300)
    for _ in 0..<3 { try await office.playBlock() }
    _ = try await office.farmers.leave(
      farmer: anna, API.LeaveRequest(waitForPendingPayout: false))
    for _ in 0..<5 { try await office.ledger() }
    #expect(try await office.farmers.dashboard(farmer: anna).status == .departed)

    for farmer in [anna, berta] {
      let wallet = try await office.wallet(farmer)
      let rows = try await office.farmers.statement(farmer: farmer, after: nil, limit: 1_000).rows
      var balances: [String: Int64] = [:]
      for row in rows {
        balances[row.asset, default: 0] += row.amount.stroops
        #expect(row.balance.stroops == balances[row.asset], "\(row)")
        #expect(row.balance.stroops >= 0 && !row.text.isEmpty)
      }
      #expect(rows.map(\.id) == rows.map(\.id).sorted() && Set(rows.map(\.id)).count == rows.count)
      for asset in BookAsset.allCases {
        let booked = await office.engine.read { state, _ in state.balance(.wallet(wallet), asset) }
        #expect(balances[asset == .kale ? "KALE" : "XLM"] ?? 0 == booked)
      }
      // Pages of any size give the same rows.
      for limit in [1, 2, 7] {
        var paged: [API.StatementRow] = []
        var after: Int64?
        repeat {
          let page = try await office.farmers.statement(farmer: farmer, after: after, limit: limit)
          #expect(page.rows.count <= limit)
          paged += page.rows
          after = page.next
        } while after != nil
        #expect(paged == rows)
      }
    }
    let kinds = try await office.farmers.statement(farmer: anna, after: nil, limit: 1_000).rows
    let counts = Dictionary(grouping: kinds, by: \.kind).mapValues(\.count)
    // Two deposits; a stake out and back and a reward for each of 3 blocks; trustline, join, 3 × 3
    // farming transactions, settle, trustline off, merge; KALE out to both parties, XLM out.
    #expect(counts == ["deposit": 2, "stake": 6, "reward": 3, "fee": 14, "payout": 2])
    #expect(kinds.filter { $0.kind == "stake" && $0.amount.stroops > 0 }.count == 3)
    await office.close()
  }

  @Test func leavingPaysWhatThePreviewSaid() async throws {
    let office = try await Office()
    let payout = Office.outsider(5)
    let pooler = try await office.pooler()
    let anna = try await office.register("anna", payout: payout)
    await expectRefusal(.conflict, "nothing to take out") {
      _ = try await office.farmers.exitPreview(farmer: anna)
    }
    await expectRefusal(.conflict, "nothing to take out") { try await office.leave(anna) }
    try await office.deposit(100_000_000, .xlm, to: anna)
    try await office.deposit(1_000_000_000, .kale, to: anna)
    let undivided = try await office.farmers.exitPreview(farmer: anna)
    #expect(undivided.farmerShare.stroops == 1_000_000_000 && undivided.shareBps == 0)
    try await office.join(anna, pooler)
    try await office.ledger()
    try await office.openBlock(after: 300)
    try await office.playBlock()
    let preview = try await office.farmers.exitPreview(farmer: anna)
    #expect(preview.amount.stroops == 1_000_000_000 + office.reward)
    #expect(preview.rewards.stroops == office.reward && preview.shareBps == 5_000)
    #expect(preview.poolerShare.stroops == 500_000)
    #expect(preview.farmerShare.stroops + preview.poolerShare.stroops == preview.amount.stroops)
    #expect(preview.payoutReady && preview.payoutAddress == payout && !preview.steps.isEmpty)

    let leaving = try await office.farmers.leave(
      farmer: anna, API.LeaveRequest(waitForPendingPayout: false))
    #expect(leaving.requestedAt.unixSeconds > 1_700_000_000)
    // Asking twice is asking once.
    _ = try await office.farmers.leave(
      farmer: anna, API.LeaveRequest(waitForPendingPayout: false))
    #expect(await office.engine.read { state, _ in state.lastExit } == 1)
    for _ in 0..<3 { try await office.ledger() }
    let settled = await office.engine.read { state, _ in
      state.farmers[anna.rawValue]?.exit?.settled
    }
    guard case .paid(let split) = settled else {
      Issue.record("nothing was split: \(String(describing: settled))")
      return
    }
    #expect(split.poolerNet.rawValue == preview.poolerShare.stroops)
    #expect(split.farmerNet.rawValue == preview.farmerShare.stroops)
    #expect(split.payout == payout)

    let dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.status == .departed && dashboard.leaving == nil)
    #expect(dashboard.membership == nil && dashboard.wallet.kale.stroops == 0)
    #expect(dashboard.nextStep.contains(payout) && dashboard.nextStep.contains("choose a pooler"))
    await expectRefusal(.conflict, "left already") { try await office.leave(anna) }
    await expectRefusal(.conflict, "not leaving") {
      try await office.farmers.callOffLeaving(farmer: anna)
    }
    await expectRefusal(.conflict, "nothing is left to set") {
      _ = try await office.farmers.changeSettings(
        farmer: anna, API.SettingsChange(paused: true))
    }
    await office.close()
  }
}

extension Office {
  func leave(_ farmer: API.FarmerID) async throws {
    _ = try await farmers.leave(
      farmer: farmer, API.LeaveRequest(waitForPendingPayout: false))
  }
}
