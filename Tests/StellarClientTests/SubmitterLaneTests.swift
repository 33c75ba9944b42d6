import Bytes
import KaleRules
import StellarClient
import StellarXDR
import Testing

@Suite struct SubmitterLaneTests {
  @Test func manyWalletsAtOnceEachInOrder() async throws {
    let wallets = 200
    let each = 3
    try await SubmitterHarness.run { harness in
      let accounts = (0..<wallets).map { harness.wallet($0) }
      let drafts = accounts.map { harness.draft($0, secondsMax: 100_000) }
      let submitter = harness.submitter
      let included = try await withThrowingTaskGroup(of: Bool.self) { group in
        for draft in drafts {
          for _ in 0..<each {
            group.addTask { try await submitter.submit(draft).inclusion != nil }
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(included == wallets * each)
      #expect(harness.node.with { $0.included.count } == wallets * each)
      for account in accounts {
        #expect(harness.node.with { $0.sequences[account] } == 41 + Int64(each))
        let sequences = harness.journal.intents.filter { $0.source == account }.map(\.sequence)
        #expect(sequences == (1...each).map { 41 + Int64($0) })
      }
    }
  }

  @Test func aCancelledTransactionBlocksItsWalletUntilItIsResolved() async throws {
    var settings = SubmitterSettings()
    settings.resendAfterLedgers = 1_000_000
    try await SubmitterHarness.run(settings: settings, fates: [.forgotten]) { harness in
      let wallet = harness.wallet()
      let draft = harness.draft(wallet, secondsMax: 1_000_000)
      let submitter = harness.submitter
      // Sent and out, with plenty of time left.
      let task = Task { try await submitter.submit(draft) }
      for await _ in harness.follower.ticks() where !harness.node.with({ $0.sent.isEmpty }) {
        break
      }
      task.cancel()
      let result = await task.result
      guard case .failure(let error as SubmitError) = result,
        case .outcomeUnknown(let intent) = error.code
      else {
        Issue.record("\(result)")
        return
      }
      let blocked = await #expect(throws: SubmitError.self) {
        try await submitter.submit(harness.draft(wallet))
      }
      guard case .laneBlocked(by: intent)? = blocked?.code else {
        Issue.record("\(String(describing: blocked))")
        return
      }
      let jump = harness.node.with { state in
        state.closeTime += 1_000_000
        return state.ledger
      }
      await harness.follower.wait(after: LedgerSequence(jump))
      let resolved = try await submitter.resolve(intent)
      #expect(resolved == .neverIncluded(.expired))
      let next = try await submitter.submit(harness.draft(wallet))
      #expect(next.inclusion != nil)
    }
  }

  @Test func afterARestartIntentsAreFoundByTheirHash() async throws {
    try await SubmitterHarness.run { harness in
      let wallet = harness.wallet()
      let outcome = try await harness.submitter.submit(harness.draft(wallet))
      let intent = try #require(harness.journal.intents.first)
      let sent = harness.node.with { $0.sent.count }
      let resolved = try await harness.submitter.resolve(intent)
      #expect(resolved == outcome)
      #expect(harness.node.with { $0.sent.count } == sent)
    }
  }

  @Test func anIntentThatWasNeverSentExpires() async throws {
    try await SubmitterHarness.run(fates: [.forgotten]) { harness in
      let wallet = harness.wallet()
      _ = try await harness.submitter.submit(harness.draft(wallet, secondsMax: 10_000))
      let intent = try #require(harness.journal.intents.first)
      let unsent = TransactionIntent(
        hash: .zero, source: wallet, sequence: intent.sequence + 1,
        maxTime: harness.node.with { $0.closeTime } + 30, madeAfter: intent.madeAfter,
        envelope: intent.envelope, purpose: "")
      let resolved = try await harness.submitter.resolve(unsent)
      #expect(resolved == .neverIncluded(.expired))
    }
  }

  @Test func withoutHistoryTheSequenceNumberTells() async throws {
    try await SubmitterHarness.run { harness in
      let wallet = harness.wallet(sequence: 41)
      func old(_ sequence: Int64) -> TransactionIntent {
        TransactionIntent(
          hash: .zero, source: wallet, sequence: sequence, maxTime: 1, madeAfter: 10,
          envelope: "", purpose: "")
      }
      harness.node.with { $0.oldest = 900 }
      let resolved = try await harness.submitter.resolve(old(42))
      #expect(resolved == .neverIncluded(.expired))
      let error = await #expect(throws: SubmitError.self) {
        try await harness.submitter.resolve(old(41))
      }
      guard case .outcomeUnknown(let intent)? = error?.code else {
        Issue.record("\(String(describing: error))")
        return
      }
      // Somebody else found out.
      harness.submitter.giveUp(intent)
      #expect(try await harness.submitter.submit(harness.draft(wallet)).inclusion != nil)
    }
  }
}
