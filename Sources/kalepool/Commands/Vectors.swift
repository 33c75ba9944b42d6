import ArgumentParser
import SecureChannel

struct Vectors: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints test vectors, for clients in other languages.", subcommands: [Wire.self])

  struct Wire: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The wire's: handshakes, records and refusals. See Protos/vectors/README.md.")

    @Option(help: "Everything random follows from it; the published set has public-v1.")
    var seed = PublishedVectors.publicSeed

    func run() {
      let isPublic = seed == PublishedVectors.publicSeed
      print(
        PublishedVectors.document(seed: seed, set: isPublic ? "public" : "own"), terminator: "")
    }
  }
}
