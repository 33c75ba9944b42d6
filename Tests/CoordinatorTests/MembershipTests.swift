import Bridge
import Bytes
import Coordinator
import KaleRules
import Pool
import StellarXDR
import Store
import Testing

@Suite(.cluster) struct MembershipTests {
  @Test func joiningTakesEffectOnceTheTermsAreOnChain() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    let anna = try await office.register()
    try await office.join(anna, pooler, stakeBps: 2_500, harvestAfterBlocks: 7)
    var dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.status == .awaitingXLM)
    #expect(dashboard.membership?.pooler == pooler && dashboard.membership?.shareBps == 5_000)
    #expect(dashboard.settings.stakeBps == 2_500 && dashboard.settings.harvestAfterBlocks == 7)

    try await office.deposit(10_000_000, .xlm, to: anna)
    dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.status == .awaitingXLM && dashboard.wallet.funded)
    try await office.deposit(90_000_000, .xlm, to: anna)
    dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(
      dashboard.status == .awaitingTrustline && dashboard.nextStep.contains("do not send KALE"))

    try await office.ledger()
    dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.status == .farming && dashboard.wallet.trustline)
    #expect(dashboard.nextStep.contains("Send KALE"))
    #expect(dashboard.pooler?.name == "ours" && dashboard.pooler?.online == true)
    try await office.deposit(1, .kale, to: anna)
    dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.nextStep.hasPrefix("Nothing to do"))
    await office.close()
  }

  @Test func joiningIsRefusedWithReasons() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    let full = try await office.pooler("full", maxFarmers: 1, online: false)
    let anna = try await office.register("anna")
    let berta = try await office.register("berta")
    try await office.join(berta, full)

    await expectRefusal(.notFound, "no such pooler") {
      try await office.join(anna, API.PoolerID(rawValue: 99))
    }
    await expectRefusal(.conflict, field: "shareBps", "asks for 50 %") {
      try await office.join(anna, pooler, shareBps: 4_999)
    }
    await expectRefusal(.invalid, field: "stakeBps", "0 % to 100 %") {
      try await office.join(anna, pooler, stakeBps: 10_100)
    }
    await expectRefusal(.invalid, field: "harvestAfterBlocks", "1 to 240 blocks; 241 is not") {
      try await office.join(anna, pooler, harvestAfterBlocks: 241)
    }
    await expectRefusal(.invalid, field: "stakeCapStroops", "below 0") {
      _ = try await office.farmers.join(
        farmer: anna,
        API.JoinRequest(
          pooler: pooler, shareBps: 5_000, stakeBps: 1, harvestAfterBlocks: 1,
          stakeCapStroops: -1))
    }
    await expectRefusal(.notFound, "no such farmer") {
      try await office.join(API.FarmerID(rawValue: 99), pooler)
    }
    try await office.join(anna, pooler)
    await expectRefusal(.conflict, "in the pool of ours already") {
      try await office.join(anna, full)
    }
    await office.close()
  }

  @Test func whoFindsNoPlaceWaitsAndGetsTheOneThatFrees() async throws {
    let office = try await Office()
    let full = try await office.pooler("full", maxFarmers: 1)
    let other = try await office.pooler("other", online: false)
    let berta = try await office.farming("berta", full)
    let anna = try await office.farming("anna", full)
    let carla = try await office.farming("carla", full)
    var dashboard = try await office.farmers.dashboard(farmer: carla)
    #expect(dashboard.status == .waiting && dashboard.nextStep.contains("number 2"))
    #expect(dashboard.membership?.state == .waiting && dashboard.membership?.position == 2)
    let shown = try #require(try await office.farmers.poolers().first { $0.name == "full" })
    #expect(shown.waiting == 2 && shown.placesFree == 0 && shown.accepting)
    await expectRefusal(.conflict, "waiting list of full already") {
      try await office.join(anna, full)
    }
    // Somebody goes elsewhere, somebody gives up, the last one is next.
    try await office.join(anna, other)
    #expect(try await office.farmers.dashboard(farmer: anna).membership?.state == .joined)
    #expect(try await office.farmers.dashboard(farmer: carla).membership?.position == 1)
    try await office.leave(berta)
    try await office.ledgers(3)
    dashboard = try await office.farmers.dashboard(farmer: carla)
    #expect(dashboard.status == .farming && dashboard.membership?.state == .joined)
    await expectRefusal(.conflict, "in no waiting list") {
      try await office.farmers.leaveQueue(farmer: carla)
    }
    // Whoever has left comes back under the same name, to the end of the list, and may give up.
    #expect(try await office.farmers.dashboard(farmer: berta).status == .departed)
    try await office.join(berta, full)
    #expect(try await office.farmers.dashboard(farmer: berta).membership?.position == 1)
    try await office.farmers.leaveQueue(farmer: berta)
    #expect(try await office.farmers.dashboard(farmer: berta).membership == nil)
    await office.close()
  }

  @Test func aPoolerInDebtTakesNobody() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    let bond = try #require(
      await office.engine.read { state, _ in state.poolers[pooler.rawValue]?.bondWallet })
    let anna = try await office.register()
    try await office.engine.record([
      SplitPaid(
        exit: 1, farmer: 99, pooler: pooler.rawValue, wallet: Office.key(3), amount: 0,
        rewards: 0, loss: 5, poolerNet: 0, held: 0, farmerNet: 0, debt: 5, bondWallet: bond,
        payout: "G", ledger: 1, transaction: Office.key(4))
    ])
    await expectRefusal(.conflict, "still owes farmers") { try await office.join(anna, pooler) }
    let shown = try #require(try await office.farmers.poolers().first)
    #expect(!shown.accepting)
    await office.close()
  }

  @Test func withoutASplitContractNobodyJoins() async throws {
    let office = try await Office(network: .testnet)
    let pooler = try await office.pooler()
    let anna = try await office.register()
    await expectRefusal(.unavailable, "no split contract on the testnet network") {
      try await office.join(anna, pooler)
    }
    let info = try await office.farmers.poolInfo()
    #expect(!info.joiningOpen && info.joiningNote?.contains("split contract") == true)
    await office.close()
  }

  @Test func poolersAreRankedByWhatTheyShow() async throws {
    let office = try await Office()
    try await office.pooler("cheap, away", shareBps: 100, online: false)
    try await office.pooler("ours")
    try await office.pooler("full", maxFarmers: 1, online: false)
    try await office.pooler("dear, away", shareBps: 9_000, online: false)
    let anna = try await office.register()
    let full = try #require(try await office.farmers.poolers().first { $0.name == "full" })
    try await office.join(anna, full.id)
    try await office.ledger()
    let ranked = try await office.farmers.poolers()
    #expect(ranked.map(\.name) == ["ours", "cheap, away", "dear, away", "full"])
    #expect(ranked.map(\.online) == [true, false, false, false])
    #expect(ranked.map(\.accepting) == [true, true, true, true])
    #expect(ranked.last?.farmers == 1 && ranked.last?.placesFree == 0)
    #expect(ranked.first?.hashRate == 1_000_000)
    await office.close()
  }

  @Test func settingsChangeWhatTheyName() async throws {
    var pool = PoolSettings()
    pool.entryLedgers = 720
    let office = try await Office(pool: pool)
    let anna = try await office.register()
    var settings = try await office.farmers.changeSettings(
      farmer: anna,
      API.SettingsChange(stakeBps: 0, harvestAfterBlocks: 8, stakeCap: .stroops(5), paused: true))
    #expect(settings.stakeBps == 0 && settings.harvestAfterBlocks == 8 && settings.paused)
    #expect(settings.stakeCap == API.Amount(stroops: 5))
    settings = try await office.farmers.changeSettings(
      farmer: anna, API.SettingsChange(stakeCap: .remove))
    #expect(settings.stakeCap == nil && settings.paused && settings.harvestAfterBlocks == 8)
    let events = office.store.lastPosition
    _ = try await office.farmers.changeSettings(farmer: anna, API.SettingsChange(paused: true))
    #expect(office.store.lastPosition == events)

    await expectRefusal(.invalid, field: "stakeBps", "0 % to 100 %") {
      _ = try await office.farmers.changeSettings(
        farmer: anna, API.SettingsChange(stakeBps: -1))
    }
    await expectRefusal(.invalid, field: "harvestAfterBlocks", "1 to 8 blocks; 9 is not") {
      _ = try await office.farmers.changeSettings(
        farmer: anna, API.SettingsChange(harvestAfterBlocks: 9))
    }
    await expectRefusal(.invalid, field: "stakeCapStroops", "below 0") {
      _ = try await office.farmers.changeSettings(
        farmer: anna, API.SettingsChange(stakeCap: .stroops(-1)))
    }
    #expect(office.store.lastPosition == events)
    await office.close()
  }

  @Test func aPayoutAddressCountsAfterItsDelay() async throws {
    let office = try await Office()
    let (first, second, third) = (Office.outsider(1), Office.outsider(2), Office.outsider(3))
    let anna = try await office.register(payout: first)
    func change(_ address: String) async throws -> API.Settings {
      try await office.farmers.changeSettings(
        farmer: anna, API.SettingsChange(payoutAddress: address))
    }
    await expectRefusal(.unavailable, "does not follow the chain") { _ = try await change(second) }
    try await office.ledger()
    await expectRefusal(.invalid, field: "payoutAddress", "no Stellar address") {
      _ = try await change("nowhere")
    }
    var settings = try await change(second)
    let due = API.Timestamp(unixSeconds: 100_005 + 86_400)
    #expect(settings.payoutAddress == first)
    #expect(settings.payoutPending == API.PendingPayout(address: second, effectiveAt: due))
    // Asked again, the delay does not begin anew.
    try await office.ledger()
    settings = try await change(second)
    #expect(settings.payoutPending?.effectiveAt == due)
    // Back to the address in force.
    settings = try await change(first)
    #expect(settings.payoutAddress == first && settings.payoutPending == nil)

    _ = try await change(second)
    try await office.openBlock(after: 86_400)
    settings = try await office.farmers.dashboard(farmer: anna).settings
    #expect(settings.payoutAddress == second && settings.payoutPending == nil)
    // A third change leaves the second in force, not the first.
    settings = try await change(third)
    #expect(settings.payoutAddress == second && settings.payoutPending?.address == third)
    await office.close()
  }
}
