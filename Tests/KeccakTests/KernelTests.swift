import Bytes
import CKeccak
import Keccak
import Testing

/// The kernels this processor has, against hashes made otherwise.
@Suite struct KernelTests {
  static let kernels = (0..<CInt(ckeccak_kernels)).filter { ckeccak_supports($0) }

  @Test func thereIsAlwaysAKernel() {
    #expect(Self.kernels.first == CInt(ckeccak_scalar))
    #expect(!ckeccak_supports(CInt(ckeccak_kernels)))
  }

  @Test func theReferenceAgrees() {
    for count in [0, 1, 31, 76, 134, 135, 136, 137, 272, 300] {
      let message = (0..<count).map { _ in UInt8.random(in: 0...255) }
      #expect(ReferenceKeccak.hash(message) == keccak256(message).bytes, "\(message)")
    }
  }

  /// A range of nonces of a random message, with the hash of each.
  struct Range: Sendable {
    var message: [UInt8]
    var nonces: ClosedRange<UInt64>
    var hashes: [[UInt8]]

    init(_ nonces: ClosedRange<UInt64>) {
      let message = (0..<76).map { _ in UInt8.random(in: 0...255) }
      self.message = message
      self.nonces = nonces
      hashes = nonces.map { ReferenceKeccak.hash(KernelTests.with($0, in: message)) }
    }
  }

  static let ranges = [
    0...99, 0xFFFF_FFFF - 50...0xFFFF_FFFF + 50, 0x1234_5678_9ABC...0x1234_5678_9ABC,
    (7 << 32) - 1...7 << 32, UInt64.max - 99...UInt64.max,
  ].map(Range.init)

  /// Every nonce with the zeros asked for is found, once, in order, and no other; and the eight bytes a
  /// kernel computes are the hash's.
  @Test(arguments: kernels, 0...2)
  func findsWhatThereIs(kernel: CInt, zeros: Int) {
    for range in Self.ranges {
      let found = Self.search(kernel, range.message, range.nonces, zeros)
      let expected = zip(range.nonces, range.hashes).filter { Self.zeros($1) >= zeros }
      #expect(found.map(\.nonce) == expected.map(\.0), "\(range.message) \(range.nonces)")
      #expect(found.map(\.beginning) == expected.map { Array($1.prefix(8)) })
    }
  }

  @Test(arguments: 0...16)
  func zerosAreAskedForRight(wanted: Int) {
    let mask = ckeccak_zero_mask(UInt32(wanted))
    for zeros in 0...16 {
      for _ in 0..<100 {
        // Digits of the hash's first eight bytes, with exactly `zeros` in front.
        var digits = (0..<16).map { _ in UInt8.random(in: 0...15) }
        for at in 0..<zeros { digits[at] = 0 }
        if zeros < 16 { digits[zeros] = UInt8.random(in: 1...15) }
        let bytes = (0..<8).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
        let lane = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect((lane & mask == 0) == (zeros >= wanted), "\(digits)")
      }
    }
  }

  /// All hits of a range, by as many calls as it takes; each call must make progress.
  static func search(
    _ kernel: CInt, _ bytes: [UInt8], _ nonces: ClosedRange<UInt64>, _ zeros: Int
  ) -> [(nonce: UInt64, beginning: [UInt8])] {
    var message = ckeccak_message()
    withUnsafeMutableBytes(of: &message) { $0.copyBytes(from: bytes) }
    var found: [(nonce: UInt64, beginning: [UInt8])] = []
    var next = nonces.lowerBound
    while true {
      var hits = ckeccak_hits()
      let left = nonces.upperBound - next + 1
      let tried = ckeccak_search(kernel, &message, next, left, UInt32(zeros), &hits)
      guard (1...left).contains(tried) else { return [] }
      let numbers = withUnsafeBytes(of: hits.nonces) { Array($0.bindMemory(to: UInt64.self)) }
      let lanes = withUnsafeBytes(of: hits.beginnings) { Array($0) }
      for at in 0..<Int(hits.count) {
        found.append((numbers[at], Array(lanes[8 * at..<8 * at + 8])))
      }
      if tried == left { return found }
      next += tried
    }
  }

  static func with(_ nonce: UInt64, in message: [UInt8]) -> [UInt8] {
    message[0..<4] + withUnsafeBytes(of: nonce.bigEndian) { [UInt8]($0) } + message[12...]
  }

  static func zeros(_ hash: [UInt8]) -> Int { Hex.encode(hash).prefix { $0 == "0" }.count }
}
