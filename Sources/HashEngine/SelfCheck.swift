import CKeccak

/// Compares every kernel with the plain hash on random input.
package enum SelfCheck {
  package struct Report: Sendable {
    package var kernel: HashKernel
    /// Hashes compared, and how many of them were wrong.
    package var compared: UInt64
    package var wrong: UInt64
  }

  /// Compares at least `inputs` random hashes for each kernel the processor has: the eight bytes a kernel
  /// computes, that it reports each nonce once and in order, and that it finds exactly those with
  /// `zeros` zeros. Nonces cross 2^32 and end at 2^64 − 1 about every eighth time.
  package static func run(
    inputs: UInt64, using random: inout some RandomNumberGenerator
  ) -> [Report] {
    HashKernel.supported.map { kernel in
      var report = Report(kernel: kernel, compared: 0, wrong: 0)
      while report.compared < inputs {
        let message = ckeccak_message(random: &random)
        let count = UInt64.random(in: 1...40, using: &random)
        let first = start(count, using: &random)
        let zeros = Int.random(in: 0...2, using: &random)
        report.wrong += compare(kernel, message, first: first, count: count, zeros: zeros)
        report.compared += count
      }
      return report
    }
  }

  private static func start(_ count: UInt64, using random: inout some RandomNumberGenerator)
    -> UInt64
  {
    let any = UInt64.random(in: 0...UInt64.max - count, using: &random)
    switch UInt8.random(in: 0..<16, using: &random) {
    case 0: return UInt64.max - (count - 1)
    case 1: return (any | 0xFFFF_FFFF) - count / 2
    default: return any
    }
  }

  /// Searches all `count` nonces, and says how many of them were not treated as the plain hash wants.
  private static func compare(
    _ kernel: HashKernel, _ message: ckeccak_message, first: UInt64, count: UInt64, zeros: Int
  ) -> UInt64 {
    var wrong: UInt64 = 0
    var done: UInt64 = 0
    while done < count {
      var hits = ckeccak_hits()
      let tried = kernel.search(
        message, first: first + done, count: count - done, zeros: zeros, hits: &hits)
      if tried == 0 || tried > count - done { return count }
      var hit = 0
      for offset in 0..<tried {
        let nonce = first + done + offset
        let plain = message.checked(nonce)
        guard plain.zeros >= zeros else { continue }
        let found = hit < hits.count ? hits.candidate(hit) : nil
        if found?.nonce != nonce || found?.beginning != plain.hash.beginning { wrong += 1 }
        hit += 1
      }
      if hit != hits.count { wrong += 1 }
      done += tried
    }
    return wrong
  }
}
