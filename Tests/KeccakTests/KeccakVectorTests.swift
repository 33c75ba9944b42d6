import Bytes
import Keccak
import TestKit
import Testing

/// The hashes of `kale/hashes.json`: one block of 76 bytes each.
@Suite(.disabled(if: Vectors.areAbsent, "no test vectors here"))
struct KeccakVectorTests {
  struct File: Decodable {
    var entries: [Entry]
  }

  struct Entry: Decodable {
    var note: String
    var preimage: String
    var hash: String
  }

  @Test func hashes() throws {
    let entries = try Vectors.decode(File.self, "kale/hashes.json").entries
    #expect(!entries.isEmpty)
    for entry in entries {
      let preimage = try #require(Hex.decode(entry.preimage))
      #expect(keccak256(preimage).description == entry.hash, "\(entry.note)")
    }
  }
}
