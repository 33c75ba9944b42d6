import Bytes
import StellarXDR
import TestKit
import Testing

/// Every vector's bytes, damaged in many ways: decoding gives an error, or a value that encodes to
/// the very bytes it came from.
@Suite(.disabled(if: Vectors.areAbsent, "no vectors")) struct MutationVectorTests {
  @Test func envelopes() throws {
    try damage(TransactionEnvelope.self, "envelopes", "envelope_xdr")
  }
  @Test func values() throws { try damage(SCVal.self, "scvals", "xdr") }
  @Test func metas() throws { try damage(TransactionMeta.self, "tx_meta", "xdr", rounds: 40) }
  @Test func results() throws { try damage(TransactionResult.self, "tx_results", "xdr") }
  @Test func entries() throws { try damage(LedgerEntry.self, "ledger_entries", "entry_xdr") }
  @Test func auth() throws {
    try damage(SorobanAuthorizationEntry.self, "soroban_auth", "entry_xdr")
  }
  @Test func ledgers() throws {
    try damage(LedgerCloseMeta.self, "ledgers", "close_meta_xdr", rounds: 40)
  }

  private func damage<T: XDRCodable>(
    _: T.Type, _ file: String, _ member: String, rounds: Int = 60
  ) throws {
    var random = SplitMix(seed: 20_261_123)
    var accepted = 0
    for vector in try VectorJSON.cases(file, atLeast: 1) {
      let good = try #require(Base64.decode(vector[member].string))
      for _ in 0..<rounds {
        let bad = mutate(good, &random)
        guard let value = try? T(xdr: bad) else { continue }
        accepted += 1
        #expect(value.xdr == bad, "\(vector.name)")
      }
    }
    #expect(accepted > 0, "no mutant was accepted: they all die too early to test anything")
  }

  private func mutate(_ good: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = good
    guard !bytes.isEmpty else { return bytes }
    let at = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[at] = .random(in: 0...255, using: &random)
    case 2: bytes.removeSubrange(at...)
    case 3:
      let word = at & ~3
      for byte in word..<min(word + 4, bytes.count) { bytes[byte] = byte & 3 == 3 ? 1 : 0 }
    default:
      let from = Int.random(in: 0..<bytes.count, using: &random) & ~3
      bytes.insert(contentsOf: bytes[from..<min(from + 16, bytes.count)], at: at & ~3)
    }
    return bytes
  }
}
