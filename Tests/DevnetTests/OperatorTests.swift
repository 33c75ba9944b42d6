import Bytes
import Foundation
import Sodium
import StellarXDR
import Testing

@testable import Devnet

/// What an operator may do: snapshots, entries set by hand, the clock.
@Suite struct OperatorTests {
  /// A chain in full swing: outside farmers, a planted farmer, something waiting.
  private func busy() throws -> Bench {
    var bench = Bench { $0.outside.farmers = 3 }
    let farmer = try bench.fund("farmer", kale: 1_000)
    bench.close(80)
    try bench.call(Bench.plant(farmer, 10), by: farmer)
    bench.close(1)
    let waiting = try bench.prepare(bench.work(farmer), by: farmer)
    #expect(bench.ledger.submit(waiting) == .pending)
    return bench
  }

  @Test func snapshotsAreTheWholeChain() throws {
    var bench = try busy()
    let bytes = bench.ledger.snapshot
    var other = Bench { $0.outside.farmers = 3 }
    other.close(7)
    #expect(other.ledger.stateHash != bench.ledger.stateHash)
    other.ledger = try other.ledger.restored(from: bytes)
    #expect(other.ledger.stateHash == bench.ledger.stateHash)
    #expect(other.ledger.snapshot == bytes)
    // The same future, too: what waited is included, and outsiders do the same.
    bench.close(100)
    other.close(100)
    #expect(other.ledger.stateHash == bench.ledger.stateHash)
    #expect(other.ledger.transactionsApplied == bench.ledger.transactionsApplied)
    #expect(other.ledger.latest.hash == bench.ledger.latest.hash)
  }

  @Test func whatIsNoSnapshot() throws {
    let bench = try busy()
    let bytes = bench.ledger.snapshot
    for broken in [
      [], [0], Array(bytes.dropLast()), bytes + [0, 0, 0, 0], Array(bytes.dropFirst(4)),
    ] {
      #expect(throws: XDRError.self) { try bench.ledger.restored(from: broken) }
    }
    var random = SplitMix(seed: 3)
    for _ in 0..<50 {
      var bent = bytes
      bent[Int.random(in: 0..<bent.count, using: &random)] ^=
        1 << UInt8.random(in: 0...7, using: &random)
      _ = try? bench.ledger.restored(from: bent)
    }
    let slower = Bench { $0.ledgerSeconds = 6 }
    #expect(throws: XDRError.self) { try slower.ledger.restored(from: bytes) }
  }

  @Test func entriesByHand() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: nil)
    let key = LedgerKey.account(a.publicKey)
    var rich = try #require(bench.ledger.entry(key))
    rich.changeAccount { $0.balance = 7 * Bench.coin }
    bench.ledger.ordered[key] = .some(rich)
    #expect(bench.xlm(a) != 7 * Bench.coin)
    bench.close(1)
    #expect(bench.xlm(a) == 7 * Bench.coin)
    bench.ledger.ordered.updateValue(nil, forKey: key)
    bench.close(1)
    #expect(bench.ledger.entry(key) == nil)
  }

  /// A setting that is set is the rule.
  @Test func rulesByHand() async throws {
    let chain = DevnetChain(Bench().ledger)
    var archival = NetworkRules.mainnet.archival
    archival.temporaryTTLMin = 33
    func entry(_ setting: StateArchivalSetting) -> [LedgerKey: StoredEntry?] {
      let data = LedgerEntryData.configSetting(.stateArchival(setting))
      return [data.key: StoredEntry(data)]
    }
    try await chain.order(entry(archival))
    await chain.close()
    #expect(await chain.read { $0.rules.archival.temporaryTTLMin } == 33)
    archival.temporaryTTLMin = 0
    await #expect(throws: DevnetError.self) { try await chain.order(entry(archival)) }
  }

  @Test func theClock() async throws {
    let chain = DevnetChain(Bench().ledger)
    await chain.setClock(speed: 10, skipping: 295)
    #expect(await chain.interval == .milliseconds(500))
    await chain.close()
    await chain.close()
    #expect(await chain.read { $0.latest.closeTime } == Bench.genesisTime + 5 + 295 + 5)
    await chain.setClock(speed: 0, skipping: 0)
    #expect(await chain.interval == nil)
  }

  @Test func overHTTP() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kalepool-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func change(_ settings: inout DevnetSettings) { settings.snapshotFolder = folder.path }
    try await RPCTests.withDevnet(change: change) { client in
      try await client.fund(Bench.pair("a"))
      let made = try await client.result("devnet_snapshot", #"{"name":"before"}"#)
      try await client.fund(Bench.pair("b"))
      let back = try await client.result("devnet_restore", #"{"name":"before"}"#)
      #expect(made["stateHash"]?.asString?.count == 64)
      #expect(back["stateHash"] == made["stateHash"])
      #expect(try await client.account(Bench.pair("a").publicKey) != nil)
      #expect(try await client.account(Bench.pair("b").publicKey) == nil)
      for name in ["../before", "", "after", "a/b"] {
        let code = try await client.errorCode("devnet_restore", #"{"name":"\#(name)"}"#)
        #expect(code == -32_602)
      }
      let clock = try await client.result("devnet_clock", #"{"skipSeconds":100}"#)
      #expect(clock["speed"] == .null)
    }
  }
}
