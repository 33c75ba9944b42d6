import Bytes
import KaleRules
import TestKit
import Testing

@Suite(.disabled(if: Vectors.areAbsent, "no vectors: set KALEPOOL_VECTORS"))
struct HashVectorTests {
  struct File: Decodable {
    struct Entry: Decodable {
      let index: UInt32
      let nonce, entropy, farmer, preimage, hash: String
      let zeros: Int
    }

    let entries: [Entry]
  }

  @Test func hashes() throws {
    let file = try Vectors.decode(File.self, "kale/hashes.json")
    #expect(!file.entries.isEmpty)
    Vectors.tell("kale/hashes.json", file.entries.count, "hashes")
    for entry in file.entries {
      let nonce = try #require(UInt64(entry.nonce))
      let entropy = try #require(Bytes32(hex: entry.entropy))
      let farmer = try #require(FarmAddress(text: entry.farmer))
      let preimage = KaleHash.preimage(
        block: entry.index, nonce: nonce, entropy: entropy, farmer: farmer.bytes)
      #expect(preimage.count == KaleHash.preimageBytes)
      #expect(Hex.encode(preimage) == entry.preimage)
      let hash = KaleHash.hash(
        block: entry.index, nonce: nonce, entropy: entropy, farmer: farmer.bytes)
      #expect(hash.description == entry.hash)
      #expect(KaleHash.zeros(hash) == entry.zeros)
    }
  }
}
