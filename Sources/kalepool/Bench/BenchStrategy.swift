import ArgumentParser
import Foundation
import Strategy

struct BenchStrategy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strategy",
    abstract: "Plays the pool's decisions and a plain policy on a devnet each, and compares.",
    discussion: """
      Both have the same farmers, the same hash rate, the same outside farmers and the same luck with \
      late transactions. The plain policy shares its hashes equally and hands over when 60 % of the \
      block are over. The devnet's own contract pays; real hashes are made, and no clock is waited \
      for. "Of hindsight" is the part of what would have been paid, had all been known before.
      """)

  @Option(help: "Blocks that count.")
  var blocks = StrategySettings().blocks

  @Option(help: "Farmers of the pool.")
  var farmers = StrategySettings().farmers

  @Option(help: "Farmers of nobody's.")
  var outsideFarmers = StrategySettings().outsideFarmers

  @Option(help: "Hashes for each farmer in a block.")
  var hashes: UInt64 = StrategySettings().hashesEach

  @Option(help: "The seed of outside farmers and of late transactions.")
  var seed: UInt64 = 1

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard blocks > 0, farmers > 0, outsideFarmers > 0, hashes >= 100 else {
      throw ValidationError("blocks and farmers are 1 or more, hashes 100 or more")
    }
    guard farmers <= 100 else { throw ValidationError("farmers are 100 at most") }
  }

  func run() async throws {
    var settings = StrategySettings()
    settings.blocks = blocks
    settings.farmers = farmers
    settings.outsideFarmers = outsideFarmers
    settings.hashesEach = hashes
    settings.seed = seed
    let report = StrategyReport(
      settings: settings, policies: try await Self.play(settings))
    if output.json { return print(report.json) }
    var table = TextTable(
      .text("policy"), .number("KALE a block"), .number("of hindsight"), .number("planted"),
      .number("lost"), .number("gap"), .number("zeros"))
    for one in report.policies {
      table.add(
        one.policy.rawValue, String(format: "%.2f", one.rewardEach),
        String(format: "%.1f %%", 100 * one.ofHindsight), "\(one.planted)", "\(one.lost)",
        String(format: "%.1f", one.gapMean), String(format: "%.2f", one.zerosMean))
    }
    print(table.text)
    print(String(format: "The pool earns %.3f times what the plain policy does.", report.ratio))
  }

  private static func play(_ settings: StrategySettings) async throws -> [PolicyReport] {
    try await withThrowingTaskGroup(of: PolicyReport.self) { group in
      for policy in StrategyPolicy.allCases {
        group.addTask {
          var run = try StrategyRun(settings, policy)
          return try run.play()
        }
      }
      var reports: [PolicyReport] = []
      for try await report in group { reports.append(report) }
      return reports.sorted { $0.policy.rawValue > $1.policy.rawValue }
    }
  }
}
