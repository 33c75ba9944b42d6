import Bytes
import CKeccak
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
    var nonce: String
    var zeros: Int
  }

  @Test func hashes() throws {
    let entries = try Vectors.decode(File.self, "kale/hashes.json").entries
    #expect(!entries.isEmpty)
    for entry in entries {
      let preimage = try #require(Hex.decode(entry.preimage))
      #expect(keccak256(preimage).description == entry.hash, "\(entry.note)")
    }
  }

  /// Each kernel finds each nonce among its neighbours, when asked for just its zeros.
  @Test(arguments: KernelTests.kernels)
  func kernelsFindThem(kernel: CInt) throws {
    for entry in try Vectors.decode(File.self, "kale/hashes.json").entries {
      let preimage = try #require(Hex.decode(entry.preimage))
      let nonce = try #require(UInt64(entry.nonce))
      let nonces = nonce - min(nonce, 13)...nonce + min(UInt64.max - nonce, 21)
      let found = KernelTests.search(kernel, preimage, nonces, entry.zeros)
      let hit = try #require(found.first { $0.nonce == nonce }, "\(entry.note)")
      #expect(Hex.encode(hit.beginning) == entry.hash.prefix(16))
      #expect(
        !KernelTests.search(kernel, preimage, nonce...nonce, entry.zeros + 1).contains {
          $0.nonce == nonce
        })
    }
  }
}
