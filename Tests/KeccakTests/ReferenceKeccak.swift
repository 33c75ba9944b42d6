/// Keccak-256 written from the specification alone: offsets and constants are computed by its formulas,
/// nothing is taken from the code under test. Slow, and not meant otherwise.
///
/// Source: The Keccak reference 3.0, sections 1.2 and 2; FIPS 202, algorithms 1 to 6.
enum ReferenceKeccak {
  static func hash(_ message: [UInt8]) -> [UInt8] {
    let rate = 136
    var padded = message + [0x01]
    while padded.count % rate != 0 { padded.append(0) }
    padded[padded.count - 1] |= 0x80
    var state = [[UInt64]](repeating: [UInt64](repeating: 0, count: 5), count: 5)
    for block in stride(from: 0, to: padded.count, by: rate) {
      for byte in 0..<rate {
        let lane = byte / 8
        state[lane % 5][lane / 5] ^= UInt64(padded[block + byte]) << UInt64(byte % 8 * 8)
      }
      permute(&state)
    }
    return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8][0] >> UInt64($0 % 8 * 8)) }
  }

  private static func permute(_ a: inout [[UInt64]]) {
    var register: UInt8 = 1  // the generator of iota's constants runs through all rounds
    for _ in 0..<24 {
      let column = (0..<5).map { x in a[x].reduce(0, ^) }
      for x in 0..<5 {
        let sum = column[(x + 4) % 5] ^ turned(column[(x + 1) % 5], 1)
        for y in 0..<5 { a[x][y] ^= sum }
      }
      var b = a
      var (x, y) = (1, 0)
      b[0][0] = a[0][0]
      for step in 0..<24 {
        b[y][(2 * x + 3 * y) % 5] = turned(a[x][y], (step + 1) * (step + 2) / 2 % 64)
        (x, y) = (y, (2 * x + 3 * y) % 5)
      }
      for x in 0..<5 {
        for y in 0..<5 { a[x][y] = b[x][y] ^ (~b[(x + 1) % 5][y] & b[(x + 2) % 5][y]) }
      }
      for j in 0...6 {
        if register & 1 == 1 { a[0][0] ^= 1 << UInt64((1 << j) - 1) }
        // x^8 + x^6 + x^5 + x^4 + 1
        register = register & 0x80 != 0 ? register << 1 ^ 0x71 : register << 1
      }
    }
  }

  private static func turned(_ lane: UInt64, _ by: Int) -> UInt64 {
    by == 0 ? lane : lane << UInt64(by) | lane >> UInt64(64 - by)
  }
}
