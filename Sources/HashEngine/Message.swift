import Bytes
import CKeccak

/// The 76 bytes that are hashed, as the kernels take them.
extension ckeccak_message {
  /// Source: the KALE contract, `index u32 ‖ nonce u64 ‖ entropy ‖ farmer`, numbers big-endian. The
  /// nonce is left 0: the kernels put it in.
  init(_ job: HashJob) {
    self.init()
    withUnsafeMutableBytes(of: &bytes) { bytes in
      for at in 0..<4 { bytes[at] = UInt8(truncatingIfNeeded: job.block >> UInt32(24 - 8 * at)) }
      bytes[12..<44].copyBytes(from: job.entropy.bytes)
      bytes[44..<76].copyBytes(from: job.farmer.bytes)
    }
  }

  /// Random bytes, as for a random block, entropy and farmer.
  init(random: inout some RandomNumberGenerator) {
    self.init()
    withUnsafeMutableBytes(of: &bytes) { bytes in
      for at in stride(from: 0, to: bytes.count, by: 4) {
        bytes.storeBytes(
          of: UInt32(truncatingIfNeeded: random.next()), toByteOffset: at, as: UInt32.self)
      }
    }
  }

  /// The whole hash with `nonce` by the plain code, and its zeros, without allocating.
  func checked(_ nonce: UInt64) -> (zeros: Int, hash: HashBytes) {
    var hash = HashBytes()
    withUnsafePointer(to: self) { message in
      hash.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { preconditionFailure("32 bytes have an address") }
        ckeccak_256_of_nonce(message, nonce, base.assumingMemoryBound(to: UInt8.self))
      }
    }
    return (hash.zeros, hash)
  }
}

extension ckeccak_hits {
  /// The candidate at `index`, below `count`: its nonce, and the first eight bytes of its hash.
  func candidate(_ index: Int) -> (nonce: UInt64, beginning: UInt64) {
    precondition(index < count, "no such candidate")
    func value(_ array: some Any) -> UInt64 {
      withUnsafeBytes(of: array) { $0.load(fromByteOffset: 8 * index, as: UInt64.self) }
    }
    return (value(nonces), value(beginnings))
  }
}
