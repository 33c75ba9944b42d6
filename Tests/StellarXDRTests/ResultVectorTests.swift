import Bytes
import Sodium
import StellarXDR
import TestKit
import Testing

@Suite(.disabled(if: Vectors.areAbsent, "no vectors")) struct ResultVectorTests {
  @Test func transactionResults() throws {
    for vector in try VectorJSON.cases("tx_results", atLeast: 10) {
      let result = try vector.result.transactionResult()
      expectSame(result, vector.xdr, vector.name)
      #expect(result.code.rawValue == (try vector.result.code.integer()))
      #expect(result.isSuccess == vector.name.contains("success"))
    }
  }

  @Test func transactionMeta() throws {
    for vector in try VectorJSON.cases("tx_meta", atLeast: 6) {
      let meta = try TransactionMeta(base64: vector.xdr.string)
      #expect(meta.base64 == vector.xdr.string, "\(vector.name)")
      let expect = vector.expect
      #expect(meta.version.rawValue == (try expect.version.integer()))
      #expect((meta.soroban != nil) == expect.has_soroban_meta.isTrue)
      #expect(meta.returnValue?.base64 ?? "" == expect.return_value_xdr.string)
      if !expect.return_value.isNull {
        #expect(meta.returnValue == (try expect.return_value.scval()), "\(vector.name)")
      }
      #expect(
        meta.contractEvents.map(\.base64) == expect.contract_event_xdrs.array.map(\.string))
      #expect(meta.soroban?.fees == (try expect.fees.sorobanFees()))
      let counts =
        [meta.changesBefore.count] + meta.operations.map(\.changes.count)
        + [meta.changesAfter.count]
      #expect(counts == (try expect.change_counts.array.map { try $0.integer() }))
      #expect(meta.changesBefore == (try vector.meta.changes_before.changes()))
      #expect(meta.changesAfter == (try vector.meta.changes_after.changes()))
      #expect(
        meta.operations.map(\.changes)
          == (try vector.meta.operation_changes.array.map { try $0.changes() }))
      #expect(
        meta.transactionEvents == (try vector.meta.transaction_events.array.map { try $0.staged() })
      )
      #expect(
        meta.diagnosticEvents
          == (try vector.meta.diagnostic_events.array.map { try $0.diagnostic() })
      )
    }
  }

  @Test func ledgers() throws {
    var previous: Bytes32?
    for vector in try VectorJSON.cases("ledgers", atLeast: 1) {
      let header = try vector.close_meta.header.ledgerHeader()
      expectSame(header, vector.header_xdr, vector.name)
      #expect(header.hash == (try vector["hash"].bytes32()))
      if let previous { #expect(header.previousHash == previous) }
      previous = header.hash
      let set = try GeneralizedTransactionSet(base64: vector.tx_set_xdr.string)
      #expect(set.base64 == vector.tx_set_xdr.string)
      #expect(set.hash == (try vector.tx_set_hash.bytes32()))
      #expect(set.hash == header.value.transactionSetHash)
      let meta = try LedgerCloseMeta(base64: vector.close_meta_xdr.string)
      #expect(meta.base64 == vector.close_meta_xdr.string, "\(vector.name)")
      #expect(meta.header == header)
      #expect(meta.hash == header.hash)
      #expect(meta.transactionSet == set)
      #expect(
        meta.transactions.map(\.hash)
          == (try vector.transaction_hashes.array.map { try $0.bytes32() }))
      let rows = vector.close_meta.transactions.array
      #expect(
        meta.transactions.map(\.result) == (try rows.map { try $0.result.transactionResult() }))
      #expect(
        meta.transactions.map(\.feeChanges) == (try rows.map { try $0.fee_changes.changes() }))
      #expect(meta.evictedKeys == (try vector.close_meta.evicted_keys.ledgerKeys()))
      #expect(meta.sorobanFeeWrite1KB == (try vector.close_meta.fee_write_1kb.optional()))
      #expect(meta.liveSorobanBytes == (try vector.close_meta.live_soroban_bytes.integer()))
    }
  }
}
