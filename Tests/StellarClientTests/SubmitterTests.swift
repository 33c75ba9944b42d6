import Bytes
import KaleRules
import StellarClient
import StellarXDR
import Testing

@Suite struct SubmitterTests {
  @Test func aCallIsSimulatedPricedStoredSentAndFound() async throws {
    try await SubmitterHarness.run { harness in
      let wallet = harness.wallet(sequence: 41)
      let outcome = try await harness.submitter.submit(harness.draft(wallet))
      guard case .succeeded(let inclusion) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(inclusion.returnValue == .u32(7))
      #expect(inclusion.feeCharged == ScriptedNode.feeCharged)
      let intent = try #require(harness.journal.intents.first)
      #expect(intent.hash == inclusion.hash)
      #expect(intent.sequence == 42)
      #expect(intent.purpose == "plant")
      #expect(inclusion.ledger > intent.madeAfter)
      let sent = try TransactionEnvelope(base64: try #require(harness.node.with { $0.sent.first }))
      #expect(sent.inner.fee == 55_000 + 10_000)
      #expect(sent.inner.sorobanData?.resourceFee == 55_000)
      #expect(sent.inner.preconditions.timeBounds?.max == intent.maxTime)
      #expect(sent.signatures.count == 1)
      #expect(sent.signatures[0].isValid(for: intent.hash, by: wallet))
      #expect(sent.base64 == intent.envelope)
    }
  }

  @Test func tryAgainLaterSendsTheSameBytes() async throws {
    try await SubmitterHarness.run(fates: [
      .tryAgainLater, .noRoom, .tryAgainLater, .included(after: 2),
    ]) { harness in
      // The node that has no room is left alone for half a second of many ledgers.
      let outcome = try await harness.submitter.submit(
        harness.draft(harness.wallet(), secondsMax: 100_000))
      #expect(outcome.inclusion != nil)
      let sent = harness.node.with { $0.sent }
      #expect(sent.count >= 4)
      #expect(Set(sent).count == 1)
      #expect(harness.journal.intents.count == 1)
    }
  }

  @Test func aLostAnswerIsNoSecondTransaction() async throws {
    try await SubmitterHarness.run(fates: [.answerLost]) { harness in
      let outcome = try await harness.submitter.submit(harness.draft(harness.wallet()))
      #expect(outcome.inclusion != nil)
      #expect(Set(harness.node.with { $0.sent }).count == 1)
      #expect(harness.node.with { $0.included.count } == 1)
    }
  }

  @Test func aForgottenTransactionIsSentAgain() async throws {
    var settings = SubmitterSettings()
    settings.bumpAfterLedgers = 1000
    try await SubmitterHarness.run(settings: settings, fates: [.forgotten]) { harness in
      let outcome = try await harness.submitter.submit(
        harness.draft(harness.wallet(), secondsMax: 3600))
      #expect(outcome.inclusion != nil)
      let sent = harness.node.with { $0.sent }
      #expect(sent.count >= 2 && Set(sent).count == 1)
    }
  }

  @Test func pastItsTimeItIsNeverIncluded() async throws {
    var settings = SubmitterSettings()
    settings.resendAfterLedgers = 1000
    settings.bumpAfterLedgers = 1000
    try await SubmitterHarness.run(
      settings: settings, fates: [.forgotten]
    ) { harness in
      let wallet = harness.wallet(sequence: 41)
      let outcome = try await harness.submitter.submit(harness.draft(wallet))
      #expect(outcome == .neverIncluded(.expired))
      // The number is free: the next transaction has it.
      let next = try await harness.submitter.submit(harness.draft(wallet))
      #expect(next.inclusion != nil)
      #expect(harness.journal.intents.map(\.sequence) == [42, 42])
    }
  }

  @Test(arguments: [
    (
      TransactionResultCode.insufficientBalance,
      TransactionOutcome.NeverReason.refused(.insufficientBalance)
    ),
    (.sorobanInvalid, .refused(.sorobanInvalid)),
    (.tooLate, .expired), (.badAuth, .refused(.badAuth)),
  ])
  func aRefusalOfTheOnlySendingIsFinal(
    code: TransactionResultCode, reason: TransactionOutcome.NeverReason
  ) async throws {
    try await SubmitterHarness.run(fates: [.refused(code)]) { harness in
      let outcome = try await harness.submitter.submit(harness.draft(harness.wallet()))
      #expect(outcome == .neverIncluded(reason))
    }
  }

  @Test func aRefusalAfterALostAnswerIsNotFinal() async throws {
    // The second sending meets its own first one, already in the ledger: bad sequence.
    try await SubmitterHarness.run(fates: [.answerLost]) { harness in
      let wallet = harness.wallet()
      let outcome = try await harness.submitter.submit(harness.draft(wallet))
      guard case .succeeded = outcome else {
        Issue.record("\(outcome)")
        return
      }
    }
  }

  /// As long as no ledger closes, what is made anew is what was given up.
  @Test func theSameBytesAreNotMadeTwice() async throws {
    try await SubmitterHarness.run(fates: [.refused(.badAuth)]) { harness in
      let wallet = harness.wallet()
      harness.node.with { $0.isFrozen = true }
      while harness.follower.latest?.sequence.rawValue != harness.node.with({ $0.ledger }) {
        await Task.yield()
      }
      let first = try await harness.submitter.submit(harness.draft(wallet))
      #expect(first == .neverIncluded(.refused(.badAuth)))
      let same = await #expect(throws: SubmitError.self) {
        try await harness.submitter.submit(harness.draft(wallet))
      }
      guard case .sameAsBefore? = same?.code else {
        Issue.record("\(String(describing: same))")
        return
      }
      #expect(harness.journal.intents.count == 1)
      harness.node.with { $0.isFrozen = false }
      await harness.follower.wait(after: harness.follower.latest?.sequence ?? 0)
      #expect(try await harness.submitter.submit(harness.draft(wallet)).inclusion != nil)
    }
  }

  @Test func aNumberThatAnotherUsedIsReadAnew() async throws {
    try await SubmitterHarness.run { harness in
      let wallet = harness.wallet(sequence: 41)
      _ = try await harness.submitter.submit(harness.draft(wallet))
      harness.node.with { $0.sequences[wallet] = 99 }
      let outcome = try await harness.submitter.submit(harness.draft(wallet))
      #expect(outcome == .neverIncluded(.sequenceUsed))
      let next = try await harness.submitter.submit(harness.draft(wallet))
      #expect(next.inclusion != nil)
      #expect(harness.journal.intents.map(\.sequence) == [42, 43, 100])
    }
  }

  @Test func aFailureSaysWhy() async throws {
    try await SubmitterHarness.run(fates: [.failed]) { harness in
      let outcome = try await harness.submitter.submit(harness.draft(harness.wallet()))
      guard case .failed(let inclusion, let reason) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(inclusion.feeCharged == ScriptedNode.feeCharged)
      #expect(reason.code == .failed)
      #expect(reason.operation == .tried(.invokeHostFunction, code: -2, .none))
      #expect("\(reason)".contains("trapped"))
    }
  }

  @Test func whatWouldFailIsNotSent() async throws {
    try await SubmitterHarness.run { harness in
      harness.node.with { $0.simulationError = "HostError: Error(Contract, #8)\n\nEvent log" }
      let error = await #expect(throws: SubmitError.self) {
        try await harness.submitter.submit(harness.draft(harness.wallet()))
      }
      guard case .wouldFail(let failure)? = error?.code else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.cause == .kale(.pailExists))
      #expect(harness.journal.intents.isEmpty)
      #expect(harness.node.with { $0.sent.isEmpty })
    }
  }

  @Test func nothingIsSentThatIsNotStored() async throws {
    try await SubmitterHarness.run { harness in
      harness.journal.refuse()
      let error = await #expect(throws: SubmitError.self) {
        try await harness.submitter.submit(harness.draft(harness.wallet()))
      }
      guard case .notStored? = error?.code else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(harness.node.with { $0.sent.isEmpty })
    }
  }

  @Test func theFeeHasACap() async throws {
    var settings = SubmitterSettings()
    settings.feeMax = 64_999
    try await SubmitterHarness.run(settings: settings) { harness in
      let error = await #expect(throws: SubmitError.self) {
        try await harness.submitter.submit(harness.draft(harness.wallet()))
      }
      guard case .feeAboveCap(needed: 65_000, cap: 64_999)? = error?.code else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func aMissingAccountAndAnUnknownSigner() async throws {
    try await SubmitterHarness.run { harness in
      let stranger = Bytes32.zero
      let missing = await #expect(throws: SubmitError.self) {
        try await harness.submitter.submit(harness.draft(stranger))
      }
      guard case .accountMissing? = missing?.code else {
        Issue.record("\(String(describing: missing))")
        return
      }
      harness.node.with { $0.sequences[stranger] = 1 }
      let refused = await #expect(throws: SubmitError.self) {
        try await harness.submitter.submit(harness.draft(stranger))
      }
      guard case .notSigned? = refused?.code else {
        Issue.record("\(String(describing: refused))")
        return
      }
    }
  }
}
