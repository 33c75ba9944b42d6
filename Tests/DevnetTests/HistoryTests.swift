import Bytes
import Foundation
import Sodium
import StellarXDR
import Testing

@testable import Devnet

@Suite struct HistoryTests {
  @Test func ledgersAreLinked() throws {
    var bench = Bench()
    try bench.fund("a", kale: 5)
    bench.close(2)
    let first = try #require(bench.ledger.history.oldest)
    var hash = first.hash
    var sequence = first.sequence + 1
    while let ledger = bench.ledger.history[sequence] {
      let header = try LedgerHeader(xdr: ledger.header)
      #expect(header.previousHash == hash)
      #expect(header.hash == ledger.hash)
      #expect(header.value.closeTime == ledger.closeTime)
      #expect(header.value.transactionSetHash == sha256(ledger.transactionSet))
      hash = ledger.hash
      sequence += 1
    }
    #expect(hash == bench.ledger.latest.hash)
  }

  /// What getLedgers serves is one valid LedgerCloseMeta.
  @Test func metadataDecodes() throws {
    var bench = Bench()
    let a = try bench.fund("a", kale: 5)
    _ = try bench.call(Bench.plant(a, 2), by: a)
    let meta = try LedgerCloseMeta(xdr: bench.ledger.latest.metadata)
    #expect(meta.hash == bench.ledger.latest.hash)
    #expect(meta.transactions.count == 1)
    #expect(meta.transactions.first?.result.isSuccess == true)
    #expect(meta.transactions.first?.feeChanges.count == 2)
    #expect(meta.transactions.first?.postFeeChanges.count == 2)
    #expect(meta.xdr == bench.ledger.latest.metadata)
  }

  @Test func historyIsBounded() throws {
    var bench = Bench { $0.retentionLedgers = 10 }
    let result = try bench.frame(
      [StellarXDR.Operation(.bumpSequence(to: 1))], by: DevnetKeys.friendbot)
    _ = try bench.include(result)
    #expect(bench.ledger.history.transaction(result.hash) != nil)
    bench.close(50)
    #expect(bench.ledger.history.transaction(result.hash) == nil)
    let oldest = try #require(bench.ledger.history.oldest)
    #expect(bench.ledger.latest.sequence - oldest.sequence == 9)
    #expect(bench.ledger.history[oldest.sequence - 1] == nil)
    #expect(bench.ledger.history[oldest.sequence]?.hash == oldest.hash)
  }

  /// The same calls give the same chain.
  @Test func deterministic() throws {
    func hash() throws -> Bytes32 {
      var bench = Bench { $0.outside.farmers = 3 }
      for name in ["a", "b", "c"] { try bench.fund(name, kale: 5) }
      for name in ["a", "b", "c"] {
        let pair = Bench.pair(name)
        #expect(bench.ledger.submit(try bench.prepare(Bench.plant(pair, 1), by: pair)) == .pending)
      }
      bench.close(70)
      return bench.ledger.latest.hash
    }
    #expect(try hash() == hash())
  }

  @Test func eventFilters() throws {
    let transfer = ContractEvent(
      contract: Bench.network.assetContract, kind: .contract,
      topics: [.symbol("transfer"), .u32(1), .u32(2), .string([1])], data: .void)
    func takes(_ json: String) throws -> Bool {
      try EventQuery(JSON(parsing: Data(json.utf8))).takes(transfer)
    }
    let symbol = SCVal.symbol("transfer").base64
    let one = SCVal.u32(1).base64
    #expect(try takes("[]"))
    #expect(try takes(#"[{"topics":[["\#(symbol)","*","*","*"]]}]"#))
    #expect(try takes(#"[{"topics":[["*","\#(one)","**"]]}]"#))
    #expect(try takes(#"[{"topics":[["**"]]}]"#))
    #expect(try !takes(#"[{"topics":[["\#(symbol)","*","*"]]}]"#))
    #expect(try !takes(#"[{"topics":[["*","*","\#(one)","*"]]}]"#))
    #expect(try !takes(#"[{"type":"system"}]"#))
    let id = StrKey.contract(Bench.network.assetContract)
    #expect(try takes(#"[{"type":"contract","contractIds":["\#(id)"]}]"#))
    let other = StrKey.contract(Bench.network.farmContract)
    #expect(try !takes(#"[{"contractIds":["\#(other)"]}]"#))
  }

  @Test func eventIDs() throws {
    let id = EventID(TransactionPlace(ledger: 1_000, transaction: 2, operation: 0), index: 3)
    #expect(id.description == "0000004294967304192-0000000003")
    #expect(EventID(id.description) == id)
    #expect(EventID("x") == nil)
  }
}
