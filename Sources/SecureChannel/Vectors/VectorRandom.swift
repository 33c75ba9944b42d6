import Bytes
import Sodium

/// Bytes that look random and follow from a seed and a name: block i is
/// SHA-256(seed ‖ 0 ‖ name ‖ 0 ‖ i as u64).
struct VectorRandom {
  private let start: [UInt8]
  private var block: UInt64 = 0
  private var rest: [UInt8] = []

  init(seed: String, name: String) { start = Array(seed.utf8) + [0] + Array(name.utf8) + [0] }

  mutating func bytes(_ count: Int) -> [UInt8] {
    while rest.count < count {
      var message = start
      message.append(bigEndian: block)
      rest += sha256(message).bytes
      block += 1
    }
    defer { rest.removeFirst(count) }
    return Array(rest[0..<count])
  }
}
