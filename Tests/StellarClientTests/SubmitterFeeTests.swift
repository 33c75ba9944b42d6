import Bytes
import KaleRules
import StellarClient
import StellarXDR
import Testing

@Suite struct SubmitterFeeTests {
  private func sent(_ harness: SubmitterHarness) throws -> [TransactionEnvelope] {
    try harness.node.with { $0.sent }.map { try TransactionEnvelope(base64: $0) }
  }

  private static func bumpFee(_ envelope: TransactionEnvelope) -> Int64? {
    if case .feeBump(let bump, _) = envelope { bump.fee } else { nil }
  }

  @Test(arguments: [
    (100, false, 10_000), (30_000, false, 30_000), (30_000, true, 60_000),
    (900_000, true, 1_000_000), (5_000_000, false, 1_000_000),
  ])
  func whatOthersPaidIsOffered(paid: Int64, isUrgent: Bool, offered: Int64) async throws {
    try await SubmitterHarness.run { harness in
      harness.node.with { $0.paid = paid }
      var draft = harness.draft(harness.wallet())
      draft.isUrgent = isUrgent
      _ = try await harness.submitter.submit(draft)
      #expect(try sent(harness)[0].inner.fee == 55_000 + UInt32(offered))
    }
  }

  /// The bytes change, the transaction does not: it has one hash and one sequence number.
  @Test func aFullQueueIsOfferedMoreByAFeeBump() async throws {
    try await SubmitterHarness.run(fates: [.refused(.insufficientFee)]) { harness in
      let wallet = harness.wallet()
      let outcome = try await harness.submitter.submit(harness.draft(wallet))
      let inclusion = try #require(outcome.inclusion)
      #expect(inclusion.feePaidBy == wallet)
      let intent = try #require(harness.journal.intents.first)
      #expect(harness.journal.intents.count == 1 && inclusion.hash == intent.hash)
      let envelopes = try sent(harness)
      guard case .feeBump(let bump, let signatures) = try #require(envelopes.last) else {
        Issue.record("no fee bump: \(envelopes)")
        return
      }
      // Twice 10,000 and one more, for two operations: no queue has it, so nothing is replaced.
      #expect(bump.fee == 55_000 + 2 * 20_001)
      #expect(bump.inner.hash(networkID: ScriptedNode.network.networkID) == intent.hash)
      let hash = bump.hash(networkID: ScriptedNode.network.networkID)
      #expect(signatures.count == 1 && signatures[0].isValid(for: hash, by: wallet))
    }
  }

  @Test func whatWaitsLongIsOfferedMore() async throws {
    try await SubmitterHarness.run(fates: [.forgotten]) { harness in
      let outcome = try await harness.submitter.submit(
        harness.draft(harness.wallet(), secondsMax: 3600))
      #expect(outcome.inclusion != nil)
      let fees = Set(
        try sent(harness).map { envelope -> Int64 in
          if case .feeBump(let bump, _) = envelope { bump.fee } else { Int64(envelope.inner.fee) }
        })
      #expect(fees.contains(65_000) && fees.contains(55_000 + 2 * 100_001))
    }
  }

  @Test func theOfferHasACap() async throws {
    var settings = SubmitterSettings()
    settings.inclusionFeeMax = 50_000
    let fates = [ScriptedNode.Fate](repeating: .refused(.insufficientFee), count: 100)
    try await SubmitterHarness.run(settings: settings, fates: fates) { harness in
      let outcome = try await harness.submitter.submit(
        harness.draft(harness.wallet(), secondsMax: 60))
      #expect(outcome == .neverIncluded(.feeTooLow(needed: 777)))
      let fees = Set(try sent(harness).compactMap(Self.bumpFee))
      let offered: Set<Int64> = [95_002, 135_006, 155_000]  // 55,000 and twice each rate
      #expect(fees == offered)
    }
  }

  @Test func aChannelLendsItsNumberAndTheFarmerPays() async throws {
    try await SubmitterHarness.run { harness in
      let channel = harness.wallet(0)
      let farmer = harness.wallet(1)
      var draft = TransactionDraft(
        source: channel, KaleCalls(ScriptedNode.network).harvest(farmer, 7), purpose: "harvest")
      draft.feeSource = farmer
      let outcome = try await harness.submitter.submit(draft)
      #expect(try #require(outcome.inclusion).feePaidBy == farmer)
      guard case .feeBump(let bump, let signatures) = try sent(harness)[0] else {
        Issue.record("no fee bump")
        return
      }
      #expect(bump.inner.source == .account(channel) && bump.feeSource == .account(farmer))
      // What is inside costs the channel nothing, even if somebody takes it out.
      #expect(Int64(bump.inner.fee) == bump.inner.sorobanData?.resourceFee)
      #expect(bump.fee == 55_000 + 2 * 10_000)
      let inner = bump.inner.hash(networkID: ScriptedNode.network.networkID)
      #expect(bump.innerSignatures.map { $0.isValid(for: inner, by: channel) } == [true])
      let outer = bump.hash(networkID: ScriptedNode.network.networkID)
      #expect(signatures.map { $0.isValid(for: outer, by: farmer) } == [true])
      #expect(harness.node.with { $0.sequences[farmer] } == 41)
    }
  }

  @Test func whoCannotPayIsSponsored() async throws {
    try await SubmitterHarness.run(fates: [.refused(.insufficientBalance)]) { harness in
      let wallet = harness.wallet(0)
      var draft = harness.draft(wallet)
      draft.sponsor = harness.wallet(1)
      let outcome = try await harness.submitter.submit(draft)
      #expect(try #require(outcome.inclusion).feePaidBy == draft.sponsor)
      #expect(harness.journal.intents.count == 1)
    }
  }

  @Test func landingsAreCounted() async throws {
    try await SubmitterHarness.run(fates: [.included(after: 1), .included(after: 1)]) { harness in
      let before = harness.submitter.landings.odds
      #expect(before[0] > 0.9 && abs(before.reduce(0, +) - 1) < 1e-9)
      for number in 0..<2 {
        _ = try await harness.submitter.submit(harness.draft(harness.wallet(number)))
      }
      #expect(harness.submitter.landings.count == 2)
    }
  }
}
