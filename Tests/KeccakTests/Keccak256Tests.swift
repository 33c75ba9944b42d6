import Bytes
import Keccak
import Testing

@Suite struct Keccak256Tests {
  /// Published values, by Ethereum's tests and documents.
  @Test(arguments: [
    ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
    ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    (
      "The quick brown fox jumps over the lazy dog",
      "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15"
    ),
  ])
  func published(text: String, hash: String) {
    #expect(keccak256(Array(text.utf8)).description == hash)
  }

  /// Lengths around the ends of blocks of 136 bytes; byte i is 7i + length. Source: pycryptodome 3.23.
  @Test(arguments: [
    (3, "7d228cdb40e661b0731cd20c876de675137701233a19b450a36e53a053407a22"),
    (135, "8ab570337c9a3a773c3605160ca58e3f0546d92d217c908669cc4f35a31933bc"),
    (136, "16b30a6be318a7acbcba7a2194789f628abf68dfbbf55a4d840f22f6a4d29efd"),
    (137, "6a7e8293441d51be41bf4994995b35981f90c07866c7fd0465f405e2b7a8f8dd"),
    (271, "bb02bca6be57f42d131406260c6f1a81fd9922af8bd1c96d78f454b19ae10add"),
    (272, "443464c0c3ac8036d14a6f8647fc93b592d514adefbe88683cbbda3b4b2c4553"),
    (1000, "5cab097db1a529f5b1a15428cc494df950671bc3824340aad89941fa68e151bc"),
  ])
  func lengths(count: Int, hash: String) {
    let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + count) }
    #expect(keccak256(message).description == hash)
  }
}
