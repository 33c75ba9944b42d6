import Bytes
import Foundation
import KaleRules
import Testing

@Suite struct UnitTests {
  @Test func encodedAsBareNumbers() throws {
    let encoder = JSONEncoder()
    #expect(String(decoding: try encoder.encode([BlockIndex(5)]), as: UTF8.self) == "[5]")
    #expect(String(decoding: try encoder.encode([Stroops(-5)]), as: UTF8.self) == "[-5]")
    #expect(try JSONDecoder().decode([BasisPoints].self, from: Data("[5000]".utf8)) == [5_000])
    #expect("\(LedgerSequence(9))" == "9")
  }

  @Test func ordered() {
    #expect(BlockIndex(1) < 2)
    #expect(Stroops(3) + 4 == 7)
    #expect(LedgerSequence(3) + 4 == 7)
    #expect(BlockIndex(3).next == 4)
  }

  @Test func errorsHaveTheContractsNames() {
    #expect(KaleError.gapCountTooLow.code == 15)
    #expect(KaleError.gapCountTooLow.name == "GapCountTooLow")
    #expect(TokenError.trustlineMissing.name == "TrustlineMissingError")
  }

  @Test func zerosOfAHash() throws {
    #expect(KaleHash.zeros(.zero) == 64)
    let hash = try #require(Bytes32([0, 0x0f] + [UInt8](repeating: 255, count: 30)))
    #expect(KaleHash.zeros(hash) == 3)
    let none = try #require(Bytes32([0x10] + [UInt8](repeating: 0, count: 31)))
    #expect(KaleHash.zeros(none) == 0)
  }
}
