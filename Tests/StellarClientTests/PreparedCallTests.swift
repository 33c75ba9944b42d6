import Bytes
import KaleRules
import StellarClient
import StellarXDR
import Testing

@Suite(.timeLimit(.minutes(2))) struct PreparedCallTests {
  /// A plant that was never simulated is in the first ledger in which the block can be opened, and
  /// opens it; another's simulation at that time still says that the old block is open.
  @Test(arguments: [0, 7] as [Int64])
  func aPreparedPlantOpensTheBlock(stake: Int64) async throws {
    // A ledger a second: what is measured is ledgers, and a loaded machine must keep up.
    try await DevnetHarness.run(blockSeconds: 75, speed: 5) { devnet in
      let wallets = try await devnet.wallets(2, kale: 1_000)
      // Any simulated plant teaches; another farmer's serves as well.
      let plant = devnet.calls.plant(wallets[1], stake: Stroops(stake))
      #expect(try await devnet.submit(wallets[1], plant).inclusion != nil)
      let farm = try await devnet.reader.farm()
      let due = farm.instance.farmBlock.timestamp + 75
      let next = farm.index.next
      while let tick = devnet.follower.latest,
        devnet.follower.forecast.nextClose(after: tick) < due
      { await devnet.follower.wait(after: tick.sequence) }

      let call = try #require(
        devnet.prepared.plant(
          wallets[0], stake: Stroops(stake), opening: next, limits: NetworkLimits()))
      var draft = TransactionDraft(
        source: wallets[0], devnet.calls.plant(wallets[0], stake: Stroops(stake)), purpose: "plant")
      draft.prepared = call
      let outcome = try await devnet.submitter.submit(draft)
      guard case .succeeded(let inclusion) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      // Ledgers are five seconds apart.
      #expect((due..<due + 5).contains(inclusion.closeTime))
      let pail = try #require(
        try await devnet.reader.pails([PailID(wallets[0], next)]).values.first)
      #expect(pail.value.stake == Int128(stake))
      #expect(try await devnet.reader.farm().instance.farmBlock.timestamp == inclusion.closeTime)
    }
  }

  /// Made from another's in the open block.
  @Test(arguments: [0, 7] as [Int64])
  func aPreparedPlantJoinsTheBlock(stake: Int64) async throws {
    try await DevnetHarness.run(blockSeconds: 3_600) { devnet in
      let wallets = try await devnet.wallets(2, kale: 1_000)
      for (number, wallet) in wallets.enumerated() {
        let plant = devnet.calls.plant(wallet, stake: Stroops(stake))
        var draft = TransactionDraft(source: wallet, plant, purpose: "plant")
        let index = try await devnet.reader.farm().index
        draft.prepared = devnet.prepared.plant(wallet, stake: Stroops(stake), in: index)
        #expect((draft.prepared == nil) == (number == 0))
        guard case .succeeded = try await devnet.submitter.submit(draft) else {
          Issue.record("plant \(number) failed")
          return
        }
        await devnet.follower.wait(after: devnet.follower.latest?.sequence ?? 0)
      }
    }
  }

  /// The second farmer's work is made from the first one's.
  @Test func aPreparedWorkIsAsGood() async throws {
    try await DevnetHarness.run(blockSeconds: 3_600) { devnet in
      let wallets = try await devnet.wallets(2, kale: 0)
      for wallet in wallets {
        #expect(
          try await devnet.submit(wallet, devnet.calls.plant(wallet, stake: 0)).inclusion != nil)
      }
      let farm = try await devnet.reader.farm()
      let entropy = try #require(farm.block?.value.entropy)
      func work(_ wallet: AccountID) -> Operation {
        let hash = KaleHash.hash(
          block: farm.index.rawValue, nonce: 3, entropy: entropy, farmer: wallet)
        return devnet.calls.work(wallet, hash: hash, nonce: 3)
      }
      await devnet.follower.wait(after: devnet.follower.latest?.sequence ?? 0)
      #expect(devnet.prepared.work(wallets[1], in: farm.index) == nil)
      _ = try await devnet.submit(wallets[0], work(wallets[0]))
      var draft = TransactionDraft(source: wallets[1], work(wallets[1]), purpose: "work")
      draft.prepared = devnet.prepared.work(wallets[1], in: farm.index)
      #expect(draft.prepared != nil)
      guard case .succeeded(let inclusion) = try await devnet.submitter.submit(draft) else {
        Issue.record("the work failed")
        return
      }
      #expect((inclusion.returnValue?.asU32 ?? 0) > 0)
    }
  }

  @Test func withoutATeacherThereIsNone() {
    let prepared = PreparedCalls(DevnetHarness.network)
    #expect(prepared.plant(.zero, stake: 0, in: 5) == nil)
    #expect(prepared.plant(.zero, stake: 0, opening: 5, limits: NetworkLimits()) == nil)
  }
}
