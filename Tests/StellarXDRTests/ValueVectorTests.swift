import Bytes
import StellarXDR
import TestKit
import Testing

@Suite(.disabled(if: Vectors.areAbsent, "no vectors")) struct ValueVectorTests {
  @Test func scvals() throws {
    for vector in try VectorJSON.cases("scvals", atLeast: 40) {
      if vector.ok.isTrue {
        let value = try vector["value"].scval()
        expectSame(value, vector.xdr, vector.name)
        #expect(Hex.encode(value.xdr) == vector["hex"].string)
        expectOrdered(value, vector.name)
      } else {
        #expect(throws: XDRError.self, "\(vector.name): \(vector.reason.string)") {
          try SCVal(base64: vector.xdr.string)
        }
      }
    }
  }

  /// The vectors' maps are in the host's order, and so in ours.
  private func expectOrdered(_ value: SCVal, _ name: String) {
    guard let entries = value.asMap else { return }
    #expect(
      .map(sorting: entries.reversed().map { ($0.key, $0.value) }) == value, "\(name): order")
  }

  @Test func ledgerKeys() throws {
    for vector in try VectorJSON.cases("ledger_keys", atLeast: 15) {
      let key = try vector.key.ledgerKey()
      expectSame(key, vector.xdr, vector.name)
      guard !vector.ttl_key_hash.isNull else { continue }
      #expect(key.hash == (try vector.ttl_key_hash.bytes32()))
      #expect(key.ttlKey.base64 == vector.ttl_key_xdr.string)
    }
  }

  @Test func ledgerEntries() throws {
    for vector in try VectorJSON.cases("ledger_entries", atLeast: 1) {
      let data = try vector.data.entryData()
      expectSame(data, vector.data_xdr, vector.name)
      #expect(data.key.base64 == vector.key_xdr.string, "\(vector.name)")
      let entry = try vector.entry.ledgerEntry()
      expectSame(entry, vector.entry_xdr, vector.name)
      expectSame(entry.ext, vector.entry_ext_xdr, vector.name)
    }
  }
}
