import ArgumentParser

@main
struct Kalepool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kalepool",
    abstract: "Farms KALE in a pool: the coordinator, the devnet, and what an operator needs.",
    version: kalepoolVersion,
    subcommands: [
      Simulate.self,
      Demo.self, CoordinatorCommand.self, DevnetCommand.self, PoolerCommand.self, Enrol.self,
      Agents.self, Plan.self, Audit.self, Verify.self, RebuildCommand.self, Balances.self,
      Hash.self, Keys.self, XDRCommand.self, StrKeyCommand.self, TransactionCommand.self,
      Doctor.self, Vectors.self, Bench.self,
    ])
}

let kalepoolVersion = "0.1.0"

/// Every command's `--json`.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON instead of text for people.")
  var json = false
}
