import Bridge
import Bytes
import Coordinator
import KaleRules
import Pool
import SecureChannel
import StellarXDR
import Store
import Testing

@Suite(.cluster) struct OperatorTests {
  @Test func aPoolerGetsABondWalletAndAnAgentItsToken() async throws {
    let office = try await Office()
    let pooler = try await office.pooler("ours", shareBps: 4_000, maxFarmers: 20, online: false)
    let seeds = try await office.store.sealedSeeds()
    #expect(seeds.map(\.purpose) == ["bond"] && seeds.map(\.owner) == [pooler.rawValue])
    let shown = try #require(try await office.farmers.poolers().first)
    #expect(shown.name == "ours" && shown.shareBps == 4_000 && shown.placesFree == 20)
    #expect(shown.workSuccess == nil && shown.uptime == nil && !shown.online && shown.accepting)

    let issued = try await office.operators.issueEnrolmentToken(
      pooler: pooler, needsApproval: false)
    let token = try EnrolmentToken(text: issued.token)
    let stored = await office.engine.read { state, _ in state.enrolments[token.publicKey] }
    #expect(stored?.pooler == pooler.rawValue)
    #expect(stored?.expiresAt == issued.expiresAt.unixSeconds)
    let now = issued.expiresAt.unixSeconds - OperatorDesk.enrolmentSeconds
    let late = try await office.agents.admit(
      agent: Office.agent, token: token.publicKey, name: "rig",
      now: issued.expiresAt.unixSeconds)
    #expect(late == .token)
    let verdict = try await office.agents.admit(
      agent: Office.agent, token: token.publicKey, name: "rig", now: now)
    #expect(verdict == .accepted)
    await expectRefusal(.notFound, "no such pooler") {
      _ = try await office.operators.issueEnrolmentToken(
        pooler: API.PoolerID(rawValue: 99), needsApproval: false)
    }

    let agent = KeyText.encode(.agentPublic, Office.agent.bytes)
    // Once more changes nothing, and is no error.
    for _ in 0..<2 { try await office.operators.revokeAgent(agent) }
    let back = try await office.agents.admit(
      agent: Office.agent, token: nil, name: "rig", now: now)
    #expect(back == .revoked)
    for nobody in [KeyText.encode(.agentPublic, Bytes32.zero.bytes), "A", ""] {
      await expectRefusal(.notFound, "no such agent") {
        try await office.operators.revokeAgent(nobody)
      }
    }
    await office.close()
  }

  @Test func poolersAreRefusedWithReasons() async throws {
    let office = try await Office()
    try await office.pooler("Ours", online: false)
    func create(
      _ name: String, _ address: String = Office.outsider(), share: Int = 5_000, places: Int = 1
    ) async throws {
      _ = try await office.operators.createPooler(
        API.NewPooler(name: name, walletAddress: address, shareBps: share, maxFarmers: places))
    }
    await expectRefusal(.conflict, field: "name", "already") { try await create("ours") }
    await expectRefusal(.invalid, field: "walletAddress", "no Stellar address") {
      try await create("b", "GABC")
    }
    await expectRefusal(.invalid, field: "walletAddress", "not M") {
      try await create("b", SCAddress.muxedAccount(id: 1, Office.key(3)).description)
    }
    await expectRefusal(.invalid, field: "shareBps", "0 to 10000") {
      try await create("b", share: 10_001)
    }
    await expectRefusal(.invalid, field: "maxFarmers", "1 farmer") {
      try await create("b", places: 0)
    }
    #expect(try await office.store.sealedSeeds().count == 1)
    await office.close()
    let locked = try await Office(hasKey: false)
    await expectRefusal(.unavailable, "no master key") {
      try await locked.pooler("b", online: false)
    }
    await locked.close()
  }

  @Test func blocksAreCountedFromTheEvents() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    _ = try await office.farming("anna", pooler)
    _ = try await office.farming("berta", pooler, kale: 500_000_000)
    let poor = try await office.register("poor")
    try await office.deposit(18_000_000, .xlm, to: poor)
    try await office.join(poor, pooler)
    try await office.ledger()
    try await office.openBlock(after: 300)
    let first = office.view.farmIndex.rawValue
    for _ in 0..<3 { try await office.playBlock() }
    let page = try await office.operators.blockAnalytics(before: nil, limit: 2)
    #expect(page.rows.map(\.block) == [first + 2, first + 1] && page.next == first + 1)
    let last = try await office.operators.blockAnalytics(before: page.next, limit: 2)
    #expect(last.rows.map(\.block) == [first] && last.next == nil)
    let row = try #require(last.rows.first)
    #expect(row.pooler == pooler && row.wanted == 3)
    #expect(row.planted == 2 && row.worked == 2 && row.harvested == 2)
    #expect(row.failed == ["too little XLM in the wallet for the fees": 1])
    #expect(row.stake.stroops == 300_000_000 && row.stakeLost.stroops == 0)
    #expect(row.reward.stroops == 2 * office.reward)
    #expect(row.fees.stroops == 6 * office.fee.rawValue)
    #expect(row.zerosMedian == 6 && row.zerosMax == 6 && row.resolvedAt != nil)
    let shown = try #require(try await office.farmers.poolers().first)
    #expect(shown.farmers == 3 && shown.online)
    await office.close()
  }

  @Test func theBooksInTotalsSumToZero() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    let anna = try await office.farming("anna", pooler)
    try await office.openBlock(after: 300)
    try await office.playBlock()
    try await office.requestPlanting()
    let money = try await office.operators.money()
    #expect(money.farmers == 1 && money.auditedAt == nil)
    for asset in ["KALE", "XLM"] {
      let sum = money.balances.filter { $0.asset == asset }.reduce(0) { $0 + $1.balance.stroops }
      #expect(sum == 0, "\(asset)")
    }
    let dashboard = try await office.farmers.dashboard(farmer: anna)
    let wallets = money.balances.first { $0.account == "farmers' wallets" && $0.asset == "KALE" }
    #expect(wallets?.balance == dashboard.wallet.kale)
    let report = try await office.operators.audit()
    let after = try await office.operators.money()
    #expect(after.auditedAt == report.at && after.auditDifferences == 0)
    await office.close()
  }

  @Test func agentsAreShownAsTheyAre() async throws {
    let office = try await Office()
    let pooler = try await office.pooler("ours", maxFarmers: 7)
    _ = try await office.farming("anna", pooler)
    try await office.openBlock(after: 300)
    try await office.requestPlanting()
    let agent = try #require(try await office.operators.agents().first)
    #expect(agent.id == KeyText.encode(.agentPublic, Office.agent.bytes) && agent.name == "rig")
    #expect(agent.online && agent.assignments == 1 && agent.maxFarmers == 7)
    #expect(agent.hashRateClaimed == 1_000_000 && agent.threads == 2 && agent.version == "1")
    try await office.agents.disconnected(
      SessionClosed(agent: Office.agent, session: [1], reason: "gone"))
    #expect(try await office.operators.agents().first?.online == false)
    try await office.engine.record([AgentRevoked(agent: Office.agent, reason: "test")])
    #expect(try await office.operators.agents().isEmpty)
    await office.close()
  }
}

/// Plans, poolers' standings, bonds.
extension OperatorTests {
  @Test func aPlanSaysWhatWouldBeDoneAndWhy() async throws {
    let office = try await Office()
    await expectRefusal(.unavailable, "does not follow the chain") {
      _ = try await office.operators.plan(block: nil)
    }
    let pooler = try await office.pooler()
    _ = try await office.farming("anna", pooler)
    try await office.openBlock(after: 300)
    let plan = try await office.operators.plan(block: office.view.farmIndex.rawValue)
    #expect(plan.state == "open" && plan.gapMax == 50 && plan.zerosMax == 8)
    #expect(plan.farmers.map(\.handle) == ["anna"] && plan.farmers[0].whyNot == nil)
    #expect(plan.farmers[0].stake.stroops == 200_000_000)
    #expect(plan.handOverLedgersLeft > 0 && plan.handOverLedgersLeft < plan.ledgersLeft)
    #expect(plan.reasons.contains { $0.contains("none was measured yet") })
    await expectRefusal(.notFound, "Only the open block") {
      _ = try await office.operators.plan(block: 5)
    }
    await office.close()
  }

  @Test func standingsShowBoundsAndDebts() async throws {
    let office = try await Office()
    let pooler = try await office.pooler(maxFarmers: 7)
    let standing = try #require(try await office.operators.poolerStandings().first)
    #expect(standing.placesOwn == 7 && standing.placesDelivered == nil)
    #expect(standing.debt.stroops == 0 && !standing.suspended && standing.starved.isEmpty)
    await expectRefusal(.conflict, "not suspended") {
      try await office.operators.reinstate(pooler: pooler)
    }
    try await office.engine.record([
      PoolerSuspended(pooler: pooler.rawValue, block: 9, badBlocks: 3)
    ])
    let anna = try await office.register()
    await expectRefusal(.conflict, "too many blocks in a row") {
      try await office.join(anna, pooler)
    }
    try await office.operators.reinstate(pooler: pooler)
    try await office.join(anna, pooler)
    await expectRefusal(.notFound, "no such pooler") {
      try await office.operators.releaseBond(pooler: API.PoolerID(rawValue: 99), stroops: 5)
    }
    await office.close()
  }
}
