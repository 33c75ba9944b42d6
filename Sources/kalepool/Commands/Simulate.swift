import ArgumentParser
import Simulation

struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Plays whole pools in virtual time with faults, and checks every promise.",
    discussion: """
      The pool's own state machines run among models of chain, agents, network and database. One \
      seed is one course of events: a failure prints its seed, and the same seed plays it again. \
      The last line of output is the result; with --json it is one JSON object.
      """)

  @Option(help: "The first seed.")
  var seed: UInt64 = 1

  @Option(help: "How many seeds, from the first on.")
  var seeds: UInt64 = 1

  @Option(help: "Blocks with faults; fair weather follows until everybody has left.")
  var blocks = 288

  @Option(help: "Farmers at a time.")
  var farmers = 20

  @Option(help: "Agents, spread over two poolers.")
  var agents = 4

  @Option(help: "Faults: all, none, or names between commas.")
  var faults = "all"

  @Option(help: "Seeds that are played side by side.")
  var threads = 2

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard blocks > 0, farmers > 0, agents > 0, threads > 0, seeds > 0 else {
      throw ValidationError("blocks, farmers, agents, seeds and threads are 1 or more")
    }
    guard FaultPlan(faults) != nil else {
      throw ValidationError(
        "--faults is all, none, or some of: "
          + Fault.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  func run() async throws {
    var settings = SimulationSettings()
    settings.blocks = blocks
    settings.farmers = farmers
    settings.agents = agents
    settings.faults = FaultPlan(faults) ?? .all
    let batch = SimulationBatch(
      settings: settings, seeds: seed..<(seed + seeds), threads: threads)
    let isJSON = output.json
    let result = await batch.run(
      began: { _ in },
      ended: { report in
        if !isJSON {
          print(
            "seed \(report.seed): \(report.events) events, \(report.transactions) transactions,"
              + " \(report.violations.count) violations")
        }
        for violation in report.violations {
          print(
            "seed \(violation.seed), block \(violation.block), ledger \(violation.ledger):"
              + " \(violation.rule): \(violation.text)")
        }
      })
    if isJSON {
      print(result.json)
    } else {
      for name in result.never { print("never: \(name)") }
      print(
        "\(result.reports.count) seeds of \(blocks) blocks: \(result.violations.count) violations,"
          + " trace \(String(result.traceHash, radix: 16))")
    }
    if !result.violations.isEmpty { throw ExitCode.failure }
  }
}
