import Bytes
import KaleRules
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// How long entries live, and how they are kept and brought back.
@Suite struct LifeTests {
  private static func terms(_ farmer: Ed25519KeyPair) throws -> LedgerKey {
    .persistent(
      try #require(Bench.network.splitContract), .key("Terms", Bench.address(farmer)))
  }

  /// A chain on which persistent entries live for 50 ledgers, and a farmer who joined.
  private func joined() throws -> (Bench, Ed25519KeyPair, LedgerKey) {
    var bench = Bench {
      $0.rules.archival.persistentTTLMin = 50
      $0.temporaryLedgers = 20
    }
    let farmer = try bench.fund("farmer")
    try bench.call(Self.join(farmer), by: farmer)
    return (bench, farmer, try Self.terms(farmer))
  }

  private static func join(_ farmer: Ed25519KeyPair) throws -> Operation {
    let split = try #require(Bench.network.splitContract)
    let address = Bench.address(farmer)
    return .invoke(split, "join", [address, address, address, .u32(5_000), address])
  }

  private static func readTerms(_ farmer: Ed25519KeyPair) throws -> Operation {
    .invoke(try #require(Bench.network.splitContract), "terms", [Bench.address(farmer)])
  }

  @Test func persistentEntriesAreArchived() throws {
    var (bench, _, key) = try joined()
    let made = bench.ledger.latest.sequence
    bench.close(49)
    #expect(bench.ledger.entry(key)?.liveUntil == made + 49)
    bench.close(1)
    #expect(bench.ledger.entry(key) == nil)
    #expect(bench.ledger.archived(key)?.liveUntil == 0)
  }

  /// What was prepared while the entry lived fails afterwards; a new simulation brings it back.
  @Test func archivedEntriesAreRestoredByTheCall() throws {
    var (bench, farmer, key) = try joined()
    let stale = try bench.draft(Self.readTerms(farmer), by: farmer)
    bench.close(60)
    let failed = try bench.include(bench.frame(stale, [farmer]))
    #expect(failed.operations == [.tried(.invokeHostFunction, code: -4, .none)])

    let draft = try bench.draft(Self.readTerms(farmer), by: farmer)
    let data = try #require(draft.sorobanData)
    let place = try #require(data.resources.footprint.readWrite.firstIndex(of: key))
    #expect(data.archivedEntries == [UInt32(place)])
    #expect(data.resources.diskReadBytes > 0)
    let frame = bench.frame(draft, [farmer])
    #expect(try bench.include(frame).isSuccess)
    let last = bench.ledger.latest.sequence + 49
    #expect(bench.ledger.entry(key)?.liveUntil == last)
    let changes = try bench.meta(frame.hash).operations.flatMap(\.changes)
    #expect(
      changes.contains {
        if case .restored(let entry) = $0 { entry.data.key == key } else { false }
      })
    #expect(
      changes.contains {
        if case .restored(let entry) = $0 { entry.data.key == key.ttlKey } else { false }
      })
  }

  @Test func restoring() throws {
    var (bench, farmer, key) = try joined()
    bench.close(60)
    let data = SorobanTransactionData(
      resources: SorobanResources(
        footprint: LedgerFootprint(readOnly: [], readWrite: [key]), instructions: 0,
        diskReadBytes: 0, writeBytes: 0), resourceFee: 0)
    let draft = try Self.draft(.restoreFootprint, data, by: farmer, bench)
    #expect(draft.sorobanData?.resources.footprint.readWrite == [key])
    #expect(try bench.include(bench.frame(draft, [farmer])).isSuccess)
    #expect(bench.ledger.entry(key)?.liveUntil == bench.ledger.latest.sequence + 49)
    // A second time there is nothing to do, and nothing but the envelope to pay.
    let again = try Self.draft(.restoreFootprint, data, by: farmer, bench)
    #expect(again.sorobanData?.resources.footprint.readWrite.isEmpty == true)
    #expect(try bench.include(bench.frame(again, [farmer])).isSuccess)
  }

  /// A pail lives on if somebody pays for it.
  @Test func extending() throws {
    var (bench, farmer, _) = try joined()
    try bench.call(Bench.plant(farmer, 0), by: farmer)
    let planted = bench.ledger.latest.sequence
    let pail = FarmStorage.pailKey(.account(farmer.publicKey), 0, of: Bench.network.farmContract)
    #expect(bench.ledger.entry(pail)?.liveUntil == planted + 19)
    let data = SorobanTransactionData(
      resources: SorobanResources(
        footprint: LedgerFootprint(readOnly: [pail], readWrite: []), instructions: 0,
        diskReadBytes: 0, writeBytes: 0), resourceFee: 0)
    let draft = try Self.draft(.extendFootprintTTL(extendTo: 100), data, by: farmer, bench)
    let frame = bench.frame(draft, [farmer])
    #expect(try bench.include(frame).isSuccess)
    let extended = bench.ledger.latest.sequence
    #expect(bench.ledger.entry(pail)?.liveUntil == extended + 100)
    #expect(bench.ledger.entry(pail)?.entry.lastModified == planted)
    #expect(try #require(bench.meta(frame.hash).soroban?.fees).rent > 0)
    bench.close(100)
    #expect(bench.ledger.entry(pail) != nil)
    bench.close(1)
    #expect(bench.ledger.entry(pail) == nil)
  }

  @Test(arguments: [
    (Operation.Body.extendFootprintTTL(extendTo: 3_110_400), true),
    (.extendFootprintTTL(extendTo: 10), false), (.restoreFootprint, true),
  ])
  func malformed(_ body: Operation.Body, _ isReadOnly: Bool) throws {
    var (bench, farmer, key) = try joined()
    let data = SorobanTransactionData(
      resources: SorobanResources(
        footprint: LedgerFootprint(
          readOnly: isReadOnly ? [key] : [], readWrite: isReadOnly ? [] : [key]),
        instructions: 0, diskReadBytes: 0, writeBytes: 0), resourceFee: 1_000_000)
    let transaction = Transaction(
      source: .account(farmer.publicKey), fee: 2_000_000,
      sequence: try #require(bench.ledger.account(farmer.publicKey)).sequence + 1,
      operations: [Operation(body)], sorobanData: data)
    let outcome = bench.ledger.submit(bench.frame(transaction, [farmer]))
    guard case .error(let result) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(result.operations == [.tried(body.type, code: -1, .none)])
  }

  /// The farm is kept alive by whoever uses it when its life has run down.
  @Test func theFarmKeepsItselfAlive() throws {
    var bench = Bench()
    let farm = LedgerKey.instance(of: Bench.network.farmContract)
    let first = try #require(bench.ledger.entry(farm)?.liveUntil)
    let farmer = try bench.fund("farmer")
    try bench.call(Bench.plant(farmer, 0), by: farmer)
    #expect(bench.ledger.entry(farm)?.liveUntil == first)
    // 120,960 ledgers later, but for the ledgers.
    var aged = try #require(bench.ledger.entry(farm))
    aged.liveUntil = first - 120_960
    bench.ledger.ordered[farm] = .some(aged)
    bench.close(until: bench.ledger.latest.closeTime + 300)
    let frame = try bench.prepare(Bench.plant(farmer, 0), by: farmer)
    #expect(try bench.include(frame).isSuccess)
    #expect(bench.ledger.entry(farm)?.liveUntil == bench.ledger.latest.sequence + 3_110_399)
    // For 120,960 ledgers of 1.5 KB: some hundredths of a coin.
    let rent = try #require(bench.meta(frame.hash).soroban?.fees).rent
    #expect((50_000...5_000_000).contains(rent))
  }

  private static func draft(
    _ body: Operation.Body, _ data: SorobanTransactionData, by farmer: Ed25519KeyPair,
    _ bench: Bench
  ) throws -> Transaction {
    var transaction = Transaction(
      source: .account(farmer.publicKey), fee: 100,
      sequence: try #require(bench.ledger.account(farmer.publicKey)).sequence + 1,
      operations: [Operation(body)], sorobanData: data)
    guard case .success(let success) = bench.ledger.simulate(transaction).outcome else {
      throw BenchError.simulationFailed
    }
    #expect(success.value == nil)
    transaction.sorobanData = success.data
    transaction.fee += UInt32(success.data.resourceFee)
    return transaction
  }
}
