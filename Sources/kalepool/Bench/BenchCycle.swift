import ArgumentParser
import Logging

struct BenchCycle: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cycle",
    abstract: "Plays one farm block for thousands of farmers against PostgreSQL.",
    discussion: """
      Engine, journal, agents' desk and database are the pool's own, in a new folder; the chain \
      includes what it is sent, so much in a ledger, and the agents hash a few hundred nonces for \
      each farmer. Ledgers close as soon as everything of the last one is recorded: the seconds \
      are to be held against the 300 that a block takes on the network.
      """)

  @Option(help: "Farmers, all of one pooler.")
  var farmers = 10_000

  @Option(help: "Agents that hash for them.")
  var agents = 100

  @Option(help: "Plants, works and harvests that one ledger takes.")
  var ledgerTransactions = 500

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...256).contains(agents), farmers > 0, ledgerTransactions > 0,
      farmers / ledgerTransactions <= 20
    else {
      throw CommandFailure(
        "--agents: 1 to 256; --farmers: at most 20 ledgers' worth of --ledger-transactions")
    }
  }

  func run() async throws {
    try await Program.run { log in
      var log = log
      log.logLevel = .warning
      let figures = try await BenchDatabase.with(log: log) { database in
        try await CycleRun(
          farmers: farmers, agents: agents, ledgerTransactions: ledgerTransactions,
          database: database, log: log
        ).play()
      }
      if output.json { try printJSON(figures) } else { print(figures.text) }
      guard figures.isWhole else {
        throw CommandFailure("not everybody was planted, worked for and harvested")
      }
    }
  }
}
