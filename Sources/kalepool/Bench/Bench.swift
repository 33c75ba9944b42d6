import ArgumentParser

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the wire, the database, and what the pool's strategy earns.",
    subcommands: [
      BenchRPC.self, BenchRPCServer.self, BenchReconnect.self, BenchAttack.self, BenchStore.self,
      BenchCycle.self, BenchStrategy.self,
    ])
}
