import Bytes
import KaleRules
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// The farm through transactions.
@Suite struct FarmTests {
  @Test func aWholeBlock() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 1_000)
    let b = try bench.fund("b", kale: 0)
    #expect(try bench.call(Bench.plant(a, 400), by: a) == .void)
    #expect(try bench.call(Bench.plant(b, 0), by: b) == .void)
    #expect(bench.kale(a) == 600)
    #expect(bench.ledger.farm?.index == 0)
    bench.close(2)
    // Planted one ledger before b, which was one before the two.
    let gap = try bench.call(try bench.work(a), by: b)
    #expect(gap == .u32(4))
    _ = try bench.call(try bench.work(b), by: b)
    let opened = try #require(bench.ledger.farm).farmBlock.timestamp
    bench.close(until: opened + 300)
    _ = try bench.call(Bench.plant(b, 0), by: b)
    #expect(bench.ledger.farm?.index == 1)
    // Anybody may harvest for anybody.
    let reward = try #require(try bench.call(Bench.harvest(a, 0), by: b).asI128)
    #expect(reward > 0)
    #expect(bench.kale(a) == 1_000 + Int64(reward))
    #expect(try bench.failure(Bench.harvest(a, 0), by: b) == "HostError: Error(Contract, #9)")
  }

  /// Each of the farm's and the token's refusals, with the contract that raised it in the log.
  @Test func failures() throws {
    var bench = Bench()
    let rich = try bench.fund("rich", kale: 100)
    let bare = try bench.fund("bare", kale: nil)
    #expect(try bench.failure(Bench.plant(rich, -1), by: rich) == "HostError: Error(Contract, #6)")
    #expect(
      try bench.failure(Bench.plant(rich, 101), by: rich) == "HostError: Error(Contract, #10)")
    #expect(try bench.failure(Bench.plant(bare, 1), by: bare) == "HostError: Error(Contract, #13)")
    #expect(
      try bench.failure(Bench.plant(rich, 1 << 64), by: rich) == "HostError: Error(Contract, #12)")
    _ = try bench.call(Bench.plant(rich, 1), by: rich)
    #expect(try bench.failure(Bench.plant(rich, 1), by: rich) == "HostError: Error(Contract, #8)")
    #expect(try bench.failure(try bench.work(bare), by: bare) == "HostError: Error(Contract, #9)")
    #expect(try bench.failure(try bench.work(rich), by: rich) == "HostError: Error(Contract, #15)")
    bench.close(1)
    let wrong = Operation.invoke(
      Bench.network.farmContract, "work",
      [Bench.address(rich), .bytes([UInt8](repeating: 1, count: 32)), .u64(1)])
    #expect(try bench.failure(wrong, by: rich) == "HostError: Error(Contract, #13)")
    #expect(
      try bench.failure(Bench.harvest(rich, 0), by: rich) == "HostError: Error(Contract, #14)")
    #expect(
      try bench.failure(Bench.harvest(rich, 1), by: rich) == "HostError: Error(Contract, #11)")
    _ = try bench.call(try bench.work(rich, nonce: 3), by: rich)
    #expect(
      try bench.failure(try bench.work(rich, nonce: 3), by: rich)
        == "HostError: Error(Contract, #7)")
    let pause = Operation.invoke(Bench.network.farmContract, "pause", [])
    // Simulated, it asks for the homesteader's signature, without which it fails.
    let alien = try bench.prepare(pause, by: rich)
    #expect(
      try bench.include(alien).operations == [.tried(.invokeHostFunction, code: -2, .none)])
    _ = try bench.call(pause, by: DevnetKeys.homesteader)
    #expect(try bench.failure(Bench.plant(bare, 0), by: bare) == "HostError: Error(Contract, #4)")
  }

  @Test func theInnermostErrorNamesItsContract() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: nil)
    let simulation = bench.simulate(Bench.plant(a, 1), by: a)
    guard case .failure(let text) = simulation.outcome else {
      Issue.record("a plant without trustline was simulated")
      return
    }
    let errors = text.split(separator: "\n").filter { $0.contains("topics:[error") }
    #expect(errors.count == 2)
    #expect(errors.last?.contains(StrKey.contract(Bench.network.assetContract)) == true)
    #expect(errors.first?.contains(StrKey.contract(Bench.network.farmContract)) == true)
  }

  /// Simulated in the old block, executed in the new one: other keys, so the host traps.
  @Test func thePlantAcrossTheBoundaryIsOutsideItsFootprint() throws {
    var bench = Bench()
    let a = try bench.fund("a")
    let b = try bench.fund("b")
    _ = try bench.call(Bench.plant(a, 0), by: a)
    let due = try #require(bench.ledger.farm).farmBlock.timestamp + 300
    bench.close(until: due - 5)
    let late = try bench.prepare(Bench.plant(b, 0), by: b)
    let result = try bench.include(late)
    #expect(result.operations == [.tried(.invokeHostFunction, code: -2, .none)])
    let meta = try bench.meta(late.hash)
    #expect(meta.returnValue == nil)
    #expect(meta.operations == [OperationMeta(changes: [])])
    // The price is the fee without its refundable part, and the sequence number.
    let fees = try #require(meta.soroban?.fees)
    #expect(result.feeCharged == 100 + fees.nonRefundable)
    #expect(bench.ledger.account(b.publicKey)?.sequence == late.transaction.sequence)
    #expect(bench.ledger.farm?.index == 0)
  }

  /// A plant prepared for the next block, sent one ledger ahead, opens it.
  @Test func aForetoldFootprintOpensTheBlock() throws {
    var bench = Bench()
    let a = try bench.fund("a")
    _ = try bench.call(Bench.plant(a, 0), by: a)
    let b = try bench.fund("b")
    var draft = try bench.draft(Bench.plant(b, 0), by: b)
    func moved(_ key: LedgerKey) -> LedgerKey {
      switch key {
      case FarmStorage.blockKey(0, of: Bench.network.farmContract):
        FarmStorage.blockKey(1, of: Bench.network.farmContract)
      case FarmStorage.pailKey(.account(b.publicKey), 0, of: Bench.network.farmContract):
        FarmStorage.pailKey(.account(b.publicKey), 1, of: Bench.network.farmContract)
      default: key
      }
    }
    let keys = try #require(draft.sorobanData?.resources.footprint.readWrite)
    draft.sorobanData?.resources.footprint.readWrite = keys.map(moved)
    // A new Block pays rent.
    draft.sorobanData?.resourceFee += 10_000
    draft.fee += 10_000
    let due = try #require(bench.ledger.farm).farmBlock.timestamp + 300
    bench.close(until: due - 5)
    let result = try bench.include(bench.frame(draft, [b]))
    #expect(result.isSuccess, "\(result)")
    #expect(bench.ledger.farm?.index == 1)
  }

  @Test func entriesExpire() throws {
    var bench = Bench { $0.temporaryLedgers = 100 }
    let a = try bench.fund("a")
    _ = try bench.call(Bench.plant(a, 0), by: a)
    let planted = bench.ledger.latest.sequence
    let key = FarmStorage.blockKey(0, of: Bench.network.farmContract)
    #expect(bench.ledger.entry(key)?.liveUntil == planted + 99)
    bench.close(1)
    _ = try bench.call(try bench.work(a), by: a)
    #expect(bench.ledger.entry(key)?.liveUntil == planted + 99)
    while bench.ledger.latest.sequence < planted + 99 { bench.ledger.close() }
    #expect(bench.ledger.entry(key) != nil)
    bench.ledger.close()
    #expect(bench.ledger.entry(key) == nil)
    #expect(bench.ledger.state.entries[key] == nil)
    #expect(try bench.failure(Bench.harvest(a, 0), by: a) == "HostError: Error(Contract, #11)")
  }

  /// All plants depend on each other, so one cluster's instructions are what they have; who offers more comes first.
  @Test func capacity() throws {
    var bench = Bench { $0.rules.compute.ledgerInstructionsMax = 13_000_000 }
    let farmers = try (0..<5).map { try bench.fund("farmer \($0)") }
    let frames = try farmers.enumerated().map { at, farmer in
      try bench.prepare(Bench.plant(farmer, 0), by: farmer, inclusion: at < 2 ? 500 : 300)
    }
    for frame in frames { #expect(bench.ledger.submit(frame) == .pending) }
    bench.ledger.close()
    let first = bench.ledger.latest.transactions
    #expect(first.count == 3)
    #expect(Set(first.map(\.hash)).isSuperset(of: frames.prefix(2).map(\.hash)))
    // The ledger was full: all in it pay the lowest offer taken.
    let result = try TransactionResult(xdr: try #require(first.first).result)
    let meta = try TransactionMeta(xdr: try #require(first.first).meta)
    let fees = try #require(meta.soroban?.fees)
    #expect(result.feeCharged == 300 + fees.nonRefundable + fees.refundable)
    bench.ledger.close()
    #expect(bench.ledger.latest.transactions.count == 2)
  }

  @Test func outsideFarmersOpenAndWork() throws {
    var bench = Bench {
      $0.outside.farmers = 5
      $0.outside.zeros = 4...7
    }
    bench.close(3)
    #expect(bench.block(0) != nil)
    var openings: [UInt64] = []
    var last = try #require(bench.ledger.farm).index
    for _ in 0..<400 {
      bench.ledger.close()
      let farm = try #require(bench.ledger.farm)
      if farm.index != last {
        openings.append(farm.farmBlock.timestamp)
        last = farm.index
      }
    }
    #expect(openings.count >= 5)
    for (a, b) in zip(openings, openings.dropFirst()) { #expect((300...305).contains(b - a)) }
    let block = try #require(bench.block(last))
    #expect((4...7).contains(block.minZeros) && (4...7).contains(block.maxZeros))
    #expect(block.maxGap > 30)
    // Whoever worked has his stake out of the pot.
    let before = try #require(bench.block(BlockIndex(last.rawValue - 1)))
    #expect(before.stakedTotal == 0)
    #expect(before.normalizedTotal > 0)
  }
}
