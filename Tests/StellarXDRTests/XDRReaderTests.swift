import Bytes
import StellarXDR
import Testing

/// Bad input is refused by name, whatever it is.
@Suite struct XDRReaderTests {
  @Test func endsEarly() {
    #expect(throws: XDRError.truncated(needed: 4, left: 3)) { try UInt32(xdr: [0, 0, 0]) }
    #expect(throws: XDRError.truncated(needed: 8, left: 4)) { try Int64(xdr: [0, 0, 0, 0]) }
  }

  @Test func bytesFollow() {
    #expect(throws: XDRError.trailingBytes(1)) { try UInt32(xdr: [0, 0, 0, 7, 0]) }
  }

  @Test func countsAreComparedWithTheInput() {
    #expect(throws: XDRError.countBeyondInput(count: 0xFFFF_FFFF, left: 4)) {
      try SCVal(xdr: words(13, .max, 0))
    }
    #expect(throws: XDRError.countBeyondInput(count: 2, left: 4)) {
      try SCVal(xdr: words(16, 1, 2, 1))
    }
  }

  @Test func unknownArmsAreNamed() {
    #expect(throws: XDRError.unknownArm(type: "SCVal", value: 99)) { try SCVal(xdr: words(99)) }
    #expect(throws: XDRError.unknownArm(type: "Operation", value: 3)) {
      try Operation(xdr: words(0, 3))
    }
    #expect(throws: XDRError.unknownArm(type: "OperationType", value: 77)) {
      try Operation(xdr: words(0, 77))
    }
  }

  @Test func symbolsHoldFewLetters() {
    #expect(throws: XDRError.self) { try SCVal(xdr: words(15, 1, 0x2D00_0000)) }
    #expect(throws: XDRError.padding) { try SCVal(xdr: words(15, 1, 0x6100_0001)) }
    #expect(throws: XDRError.tooLong(count: 33, max: 32)) { try SCVal(xdr: words(15, 33)) }
  }

  @Test func nestingHasALimit() throws {
    let open: [UInt32] = [16, 1, 1]
    func nested(_ depth: Int) -> [UInt8] {
      words(Array(repeating: open, count: depth - 1).flatMap(\.self) + [1])
    }
    _ = try SCVal(xdr: nested(XDRReader.depthMax))
    #expect(throws: XDRError.tooDeep) { try SCVal(xdr: nested(XDRReader.depthMax + 1)) }
    #expect(throws: XDRError.tooDeep) { try SCVal(xdr: nested(100_000)) }
  }

  @Test func invocationsNestToTheSameLimit() throws {
    // One call of a contract "x" without arguments, with one call below it.
    let call: [UInt32] = [0, 1] + Array(repeating: 0, count: 8) + [1, 0x7800_0000, 0]
    let deep = Array(repeating: call + [1], count: 10_000).flatMap(\.self)
    #expect(throws: XDRError.tooDeep) { try SorobanAuthorizedInvocation(xdr: words(deep)) }
    _ = try SorobanAuthorizedInvocation(xdr: words(call + [1] + call + [0]))
  }

  private func words(_ words: UInt32...) -> [UInt8] { self.words(words) }

  private func words(_ words: [UInt32]) -> [UInt8] {
    var writer = XDRWriter()
    for word in words { writer.u32(word) }
    return writer.bytes
  }
}
