import Bytes
import StellarXDR
import Testing

@Suite struct ValueTests {
  @Test func errorsPrintAsTheHostPrintsThem() {
    #expect("\(SCError.contract(8))" == "Error(Contract, #8)")
    #expect("\(SCError.host(.storage, .exceededLimit))" == "Error(Storage, ExceededLimit)")
    #expect("\(SCError.host(.wasmVM, .invalidAction))" == "Error(WasmVm, InvalidAction)")
  }

  @Test(arguments: [
    "0", "-1", "18446744073709551616",
    "-57896044618658097711785492504343953926634992332820282019728792003956564819968",
    "57896044618658097711785492504343953926634992332820282019728792003956564819967",
  ])
  func signed256(text: String) { #expect(Wide256(decimal: text)?.signedDecimal == text) }

  @Test func wideTextThatIsNone() {
    #expect(Wide256(decimal: "") == nil)
    #expect(Wide256(decimal: "-") == nil)
    #expect(Wide256(decimal: "1x") == nil)
    #expect(Wide256(decimal: String(repeating: "9", count: 78)) == nil)
    #expect(
      Wide256(words: [.max, .max, .max, .max]).decimal
        == "115792089237316195423570985008687907853269984665640564039457584007913129639935")
  }

  @Test func assetsThatAreNone() {
    let issuer = StrKey.account(Bytes32.zero)
    for text in ["", "KALE", "KALE:", ":\(issuer)", "TOOLONGACODE1:\(issuer)", "K-E:\(issuer)"] {
      #expect(Asset(text) == nil, "\(text)")
    }
    #expect(Asset("KALE:\(issuer)")?.code == "KALE")
  }

  @Test func mapsAreSortedByTypeThenValue() {
    let keys: [SCVal] = [
      .u32(9), .i32(-1), .i32(2), .i128(-5), .i128(7), .bytes([1]), .bytes([1, 0]), .bytes([2]),
      .symbol("B"), .symbol("a"), .vec([]), .vec([.u32(1)]),
    ]
    for (a, b) in zip(keys, keys.dropFirst()) { #expect(a < b && !(b < a)) }
    #expect(keys.reversed().sorted() == keys)
  }

  @Test func fieldsOfAStruct() {
    let block = SCVal.map(sorting: [
      (.symbol("min_gap"), .u32(3)), (.symbol("entropy"), .bytes([1, 2])),
    ])
    #expect(block[field: "min_gap"]?.asU32 == 3)
    #expect(block[field: "entropy"]?.asBytes == [1, 2])
    #expect(block[field: "max_gap"] == nil)
    #expect(SCVal.void[field: "min_gap"] == nil)
  }
}
