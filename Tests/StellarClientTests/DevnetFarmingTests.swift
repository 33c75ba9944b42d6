import Bytes
import KaleRules
import StellarClient
import StellarXDR
import Testing

/// The client against a real devnet over HTTP.
@Suite struct DevnetFarmingTests {
  @Test func whatTheNodeSaysOfItself() async throws {
    try await DevnetHarness.run { devnet in
      let network = try await devnet.rpc.getNetwork()
      #expect(network.passphrase == KaleNetwork.devnet.passphrase)
      #expect(network.friendbotURL != nil)
      let health = try await devnet.rpc.getHealth()
      #expect(health.oldestLedger <= health.latest.sequence)
      let fees = try await devnet.rpc.getFeeStats()
      #expect(fees.soroban.min >= 0)
      let farm = try await devnet.reader.farm()
      #expect(!farm.instance.isPaused)
      let nobody = try await devnet.reader.wallets([.zero])
      #expect(nobody.isEmpty)
    }
  }

  @Test func aBlockFromPlantToHarvest() async throws {
    try await DevnetHarness.run { devnet in
      let wallets = try await devnet.wallets(2)
      let (farmer, other) = (wallets[0], wallets[1])
      let before = try #require(try await devnet.reader.wallets([farmer])[farmer])
      #expect(before.kale?.balance == 1_000_000_000)

      let planted = try await devnet.submit(
        farmer, devnet.calls.plant(farmer, stake: 400_000_000))
      guard case .succeeded(let plant) = planted else {
        Issue.record("\(planted)")
        return
      }
      #expect(plant.returnValue == .void)
      #expect(plant.events.contains { $0.topics.first == .symbol("burn") })
      let farm = try await devnet.reader.farm()
      let block = try #require(farm.block)
      let pail = try #require(
        try await devnet.reader.pails([PailID(farmer, farm.index)])[PailID(farmer, farm.index)])
      #expect(pail.value.stake == 400_000_000)
      #expect(pail.value.sequence == plant.ledger)

      // A simulation runs in the last closed ledger: in the plant's own it would find no gap.
      await devnet.follower.wait(after: plant.ledger)
      let nonce: UInt64 = 12345
      let hash = KaleHash.hash(
        block: farm.index.rawValue, nonce: nonce, entropy: block.value.entropy, farmer: farmer)
      let worked = try await devnet.submit(
        farmer, devnet.calls.work(farmer, hash: hash, nonce: nonce))
      guard case .succeeded(let work) = worked else {
        Issue.record("\(worked)")
        return
      }
      #expect(work.returnValue == .u32(work.ledger.rawValue - plant.ledger.rawValue))

      // Somebody else opens the next block, and the farmer harvests.
      await devnet.passed(block.value.timestamp + 60)
      _ = try await devnet.submit(other, devnet.calls.plant(other, stake: 0))
      let harvested = try await devnet.submit(farmer, devnet.calls.harvest(farmer, farm.index))
      guard case .succeeded(let harvest) = harvested, let reward = harvest.returnValue?.asI128
      else {
        Issue.record("\(harvested)")
        return
      }
      let after = try #require(try await devnet.reader.wallets([farmer])[farmer])
      #expect(Int128(try #require(after.kale).balance) == 1_000_000_000 + reward)
      #expect(reward > 0)
      let fees = plant.feeCharged + work.feeCharged + harvest.feeCharged
      #expect(after.account.balance == before.account.balance - fees)
      #expect(after.account.sequence == before.account.sequence + 3)
    }
  }

  @Test func theContractsErrorsComeBeforeAnythingIsSent() async throws {
    try await DevnetHarness.run(blockSeconds: 3_600) { devnet in
      let wallet = try await devnet.wallets(1, kale: 100)[0]
      func cause(_ operation: Operation) async -> CallFailure.Cause? {
        do {
          _ = try await devnet.submit(wallet, operation)
          return nil
        } catch let error as SubmitError {
          if case .wouldFail(let failure) = error.code { return failure.cause }
          return nil
        } catch {
          return nil
        }
      }
      let calls = devnet.calls
      #expect(await cause(calls.plant(wallet, stake: 101)) == .token(.balance))
      #expect(await cause(calls.plant(wallet, stake: -1)) == .kale(.plantAmountTooLow))
      let planted = try await devnet.submit(wallet, calls.plant(wallet, stake: 100))
      await devnet.follower.wait(after: try #require(planted.inclusion).ledger)
      #expect(await cause(calls.plant(wallet, stake: 0)) == .kale(.pailExists))
      #expect(await cause(calls.work(wallet, hash: .zero, nonce: 1)) == .kale(.hashInvalid))
      let index = try await devnet.reader.farm().index
      #expect(await cause(calls.harvest(wallet, index)) == .kale(.harvestNotReady))
      #expect(await cause(try calls.terms(wallet)) != nil)
    }
  }

  @Test func manyWalletsPlantAtOnce() async throws {
    try await DevnetHarness.run { devnet in
      let wallets = try await devnet.wallets(40, kale: 0)
      let planted = try await withThrowingTaskGroup(of: Bool.self) { group in
        for wallet in wallets {
          group.addTask {
            let plant = devnet.calls.plant(wallet, stake: 0)
            // Another wallet's plant may open a block between simulation and ledger.
            for _ in 0..<3 {
              if case .succeeded = try await devnet.submit(wallet, plant) { return true }
            }
            return false
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(planted == wallets.count)
      #expect(Set(devnet.journal.intents.map(\.hash)).count == devnet.journal.intents.count)
    }
  }

  @Test func termsAndSettlement() async throws {
    try await DevnetHarness.run { devnet in
      let wallets = try await devnet.wallets(4, kale: 1_000)
      let (farmer, pooler, bond, payout) = (wallets[0], wallets[1], wallets[2], wallets[3])
      let joined = try await devnet.submit(
        farmer,
        try devnet.calls.join(
          farmer, pooler: .account(pooler), bondWallet: .account(bond), share: 5000,
          payout: .account(payout)))
      #expect(joined.inclusion != nil)
      let terms = try #require(try await devnet.reader.terms(farmer))
      #expect(terms.share == 5000 && terms.payout == .account(payout))

      let settle = try devnet.calls.settle(
        farmer, exitID: .zero, amount: 1_000, rewards: 300, loss: 20, held: 10)
      guard case .succeeded(let inclusion) = try await devnet.submit(farmer, settle) else {
        Issue.record("not settled")
        return
      }
      let result = try #require(inclusion.returnValue.flatMap { SettlementOnChain($0) })
      #expect(result.poolerNet == 130 && result.farmerNet == 870)
      let states = try await devnet.reader.wallets(wallets)
      #expect(wallets.map { states[$0]?.kale?.balance } == [0, 1_120, 1_010, 1_870])
      let gone = try await devnet.reader.terms(farmer)
      #expect(gone == nil)
    }
  }

  @Test func closingAWallet() async throws {
    try await DevnetHarness.run { devnet in
      let wallets = try await devnet.wallets(2, kale: 500)
      let (wallet, payout) = (wallets[0], wallets[1])
      let paid = try await devnet.submit(
        wallet, devnet.calls.payKale(to: .account(payout), 500))
      #expect(paid.inclusion != nil)
      let closing = TransactionDraft(
        source: wallet,
        operations: [
          devnet.calls.trustKale(limit: 0), devnet.calls.merge(into: .account(payout)),
        ], purpose: "close")
      guard case .succeeded = try await devnet.submitter.submit(closing) else {
        Issue.record("not closed")
        return
      }
      let states = try await devnet.reader.wallets(wallets)
      #expect(states[wallet] == nil)
      #expect(states[payout]?.kale?.balance == 1_000)
      #expect(try #require(states[payout]).account.balance > 199_000_000_000)
      let events = try await devnet.rpc.getEvents(
        [EventFilter(contracts: [KaleNetwork.devnet.assetContract])],
        from: .ledger(try #require(paid.inclusion).ledger))
      #expect(
        events.events.contains { event in
          event.topics.first == .symbol("transfer")
            && event.topics.contains(.address(.account(payout)))
        })
    }
  }
}
