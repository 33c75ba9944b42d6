import ArgumentParser

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the wire.",
    subcommands: [BenchRPC.self, BenchRPCServer.self, BenchReconnect.self, BenchAttack.self])
}
