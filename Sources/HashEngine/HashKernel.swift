import CKeccak

/// A way to search: code for one kind of processor.
package enum HashKernel: String, Sendable, CaseIterable {
  case scalar, avx2, avx512, neon

  /// Whether this build has the kernel and this processor runs it.
  package var isSupported: Bool { ckeccak_supports(number) }

  /// Those this processor runs, slowest first.
  package static var supported: [HashKernel] { allCases.filter(\.isSupported) }

  /// The best this processor runs.
  package static var fastest: HashKernel { supported.last ?? .scalar }

  private var number: CInt {
    switch self {
    case .scalar: CInt(ckeccak_scalar)
    case .avx2: CInt(ckeccak_avx2)
    case .avx512: CInt(ckeccak_avx512)
    case .neon: CInt(ckeccak_neon)
    }
  }

  /// Tries nonces from `first` on until one has `zeros` zeros, or `count` were tried; see
  /// `ckeccak_search`. Returns how many were tried.
  func search(
    _ message: ckeccak_message, first: UInt64, count: UInt64, zeros: Int, hits: inout ckeccak_hits
  ) -> UInt64 {
    precondition(count > 0 && count - 1 <= UInt64.max - first, "nonces end at 2^64 - 1")
    return withUnsafePointer(to: message) {
      ckeccak_search(number, $0, first, count, UInt32(clamping: zeros), &hits)
    }
  }
}
