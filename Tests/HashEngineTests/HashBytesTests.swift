import Bytes
import Testing

@testable import HashEngine

@Suite struct HashBytesTests {
  @Test(arguments: 0...64)
  func zerosAreCountedRight(zeros: Int) {
    for _ in 0..<50 {
      var digits = (0..<64).map { _ in UInt8.random(in: 0...15) }
      for at in 0..<zeros { digits[at] = 0 }
      if zeros < 64 { digits[zeros] = UInt8.random(in: 1...15) }
      var hash = HashBytes()
      hash.withUnsafeMutableBytes { bytes in
        for at in 0..<32 { bytes[at] = digits[2 * at] << 4 | digits[2 * at + 1] }
      }
      #expect(hash.zeros == zeros)
      #expect(hash.bytes32.description.prefix { $0 == "0" }.count == zeros)
    }
  }
}
