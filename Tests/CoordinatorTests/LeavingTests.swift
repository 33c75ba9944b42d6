import Bridge
import Bytes
import Coordinator
import KaleRules
import Pool
import Testing

@Suite(.cluster) struct LeavingTests {
  @Test func leavingGoesThroughItsPhases() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    let anna = try await office.farming("anna", pooler)
    await expectRefusal(.conflict, "not leaving") {
      try await office.farmers.callOffLeaving(farmer: anna)
    }
    try await office.openBlock(after: 300)
    try await office.requestPlanting()
    try await office.leave(anna)
    var dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.status == .leaving && dashboard.leaving?.phase == .requested)
    #expect(dashboard.leaving?.blocksToHarvest == 1 && dashboard.leaving?.canCallOff == true)
    await expectRefusal(.conflict, "call leaving off") { try await office.join(anna, pooler) }
    try await office.ledgers(60)
    dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.leaving?.phase == .requested && dashboard.leaving?.canCallOff == true)
    // The next block opens: harvest, settlement, closing follow in the same ledger here.
    try await office.openBlock()
    #expect(try await office.farmers.dashboard(farmer: anna).status == .departed)
    let rewards = try await office.farmers.rewards(farmer: anna, before: nil, limit: 10)
    #expect(rewards.rows.count == 1)
    await office.close()
  }

  @Test func leavingIsCalledOffUntilThePayoutBegins() async throws {
    let office = try await Office()
    let anna = try await office.farming("anna", try await office.pooler())
    try await office.openBlock(after: 300)
    try await office.requestPlanting()
    try await office.leave(anna)
    try await office.farmers.callOffLeaving(farmer: anna)
    #expect(try await office.farmers.dashboard(farmer: anna).status == .farming)

    // The settlement is decided and on its way: too late.
    try await office.leave(anna)
    try await office.ledgers(60)
    try await office.openBlock()
    let berta = try await office.farming("berta", API.PoolerID(rawValue: 1))
    try await office.leave(berta)
    try await office.decideOnly()
    let leaving = try await office.farmers.dashboard(farmer: berta).leaving
    #expect(leaving?.phase == .settling && leaving?.canCallOff == false)
    await expectRefusal(.conflict, "too late") {
      try await office.farmers.callOffLeaving(farmer: berta)
    }
    await expectRefusal(.conflict, field: "payoutAddress", "on its way") {
      _ = try await office.farmers.changeSettings(
        farmer: berta, API.SettingsChange(payoutAddress: Office.outsider(9)))
    }
    await office.close()
  }

  @Test func aPayoutThatCannotReceiveHoldsTheSettlement() async throws {
    let office = try await Office()
    let anna = try await office.farming("anna", try await office.pooler())
    try await office.leave(anna)
    office.payoutProblem = (anna, "the payout account has no KALE trustline")
    try await office.ledger()
    let dashboard = try await office.farmers.dashboard(farmer: anna)
    #expect(dashboard.leaving?.phase == .held && dashboard.leaving?.canCallOff == true)
    #expect(dashboard.leaving?.note == "the payout account has no KALE trustline")
    #expect(dashboard.nextStep.contains("no KALE trustline"))
    office.payoutProblem = nil
    try await office.ledger()
    #expect(try await office.farmers.dashboard(farmer: anna).status == .departed)
    await office.close()
  }

  @Test func aPendingPayoutIsSaidBeforeLeaving() async throws {
    let office = try await Office()
    let anna = try await office.farming("anna", try await office.pooler())
    let pending = Office.outsider(7)
    _ = try await office.farmers.changeSettings(
      farmer: anna, API.SettingsChange(payoutAddress: pending))
    let preview = try await office.farmers.exitPreview(farmer: anna)
    #expect(preview.payoutAddress == Office.outsider())
    #expect(preview.steps.contains { $0.contains(pending) })
    _ = try await office.farmers.leave(
      farmer: anna, API.LeaveRequest(waitForPendingPayout: true))
    try await office.ledgers(2)
    let leaving = try await office.farmers.dashboard(farmer: anna).leaving
    #expect(leaving?.phase == .held && leaving?.note == "the new payout address does not count yet")
    #expect(leaving?.canCallOff == true)
    await office.close()
  }

  @Test func thePreviewSaysWhatAPayoutLacks() async throws {
    let office = try await Office()
    let pooler = try await office.pooler()
    let contract = "CDL74RF5BLYR2YBLCCI7F5FB6TPSCLKEJUBSD2RSVWZ4YHF3VMFAIGWA"
    let anna = try await office.register("anna", payout: contract)
    try await office.deposit(100_000_000, .xlm, to: anna)
    try await office.join(anna, pooler)
    let preview = try await office.farmers.exitPreview(farmer: anna)
    #expect(!preview.payoutReady && preview.payoutNote == "this contract cannot receive")
    await office.close()
  }

  /// Losses through the pooler are taken from its share, in the preview as in the settlement.
  @Test func thePreviewTakesLossesIntoAccount() async throws {
    let office = try await Office()
    office.reward = 100_000_000
    let anna = try await office.farming("anna", try await office.pooler())
    try await office.openBlock(after: 300)
    try await office.playBlock()
    try await office.requestPlanting()
    for _ in 0..<60 { try await office.ledger(nonces: false) }
    try await office.openBlock()
    let preview = try await office.farmers.exitPreview(farmer: anna)
    #expect(preview.poolerGross.stroops == 50_000_000)
    #expect(preview.loss.stroops == 220_000_000)
    #expect(preview.poolerShare.stroops == 0 && preview.debt.stroops == 170_000_000)
    #expect(preview.farmerShare == preview.amount)
    await office.close()
  }
}
