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
