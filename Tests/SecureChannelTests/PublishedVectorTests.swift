import Foundation
import SecureChannel
import TestKit
import Testing

/// The vectors in the repository are what the code makes, byte for byte.
@Suite("Published Wire Vectors") struct PublishedVectorTests {
  @Test func areWhatTheCodeMakes() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let published = try Data(
      contentsOf: root.appendingPathComponent("Protos/vectors/wire.json"))
    #expect(Data(PublishedVectors.document().utf8) == published)
  }

  /// The same file was made by an independent script (PyNaCl). A set of another seed has the same
  /// form and is played by the other tests.
  @Test(.disabled(if: Vectors.areAbsent, "no vectors beside the checkout"))
  func areTheIndependentOnes() throws {
    let independent = try Vectors.data("wire/handshake.json")
    let ours = Data(PublishedVectors.document().utf8)
    func seed(_ data: Data) throws -> String {
      try JSONDecoder().decode(Seed.self, from: data).seedHash
    }
    if try seed(independent) == seed(ours) { #expect(ours == independent) }
  }

  private struct Seed: Decodable {
    var seedHash: String

    enum CodingKeys: String, CodingKey { case seedHash = "seed_sha256" }
  }
}
