import ArgumentParser

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Farms on this machine: devnet, PostgreSQL, coordinator, agents and farmers.",
    discussion: """
      Every part is the real program, started as a child process; the farmers use the JSON API as a \
      browser would. Ctrl-C stops everything and removes the data folder.
      """)

  @Option(help: "Farmers of the pool.")
  var farmers = 10

  @Option(help: "Agent processes; they share this machine's cores.")
  var agents = 2

  @Option(help: "End after so many blocks; without it the demo runs until interrupted.")
  var blocks: Int?

  @Flag(help: "The first farmer leaves during the last block.")
  var exitOne = false

  @Flag(help: "One agent is killed (SIGKILL) in the middle of the last block.")
  var killAgent = false

  @Flag(
    help: "Two nodes, whose faults are switched on and off in turn: latency, garbage, lies, …")
  var faults = false

  @Flag(help: "The devnet's ledgers take whatever waits.")
  var unlimited = false

  @Option(
    help: "Times as fast as the real network: 20 is a ledger each 250 ms and a block each 15 s.")
  var speed: Double?

  @Option(help: "Farmers outside the pool, played by the devnet.")
  var outsideFarmers = 20

  @Option(help: "The page's port; 0 takes a free one.")
  var port = 8080

  @Flag(help: "Keep the data folder.")
  var keep = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let problem = settings.problem { throw CommandFailure(problem) }
  }

  func run() async throws {
    // The last line of standard output is the JSON: everything else goes beside it.
    let screen = Screen(output.json ? .standardError : .standardOutput)
    let report = try await DemoRun(settings: settings, screen: screen).run()
    guard let report else { return }
    if output.json {
      print(report.json)
    } else {
      screen.line(report.text)
    }
    if let problem = report.problem { throw CommandFailure("the demo went wrong: \(problem)") }
  }

  private var settings: DemoSettings {
    DemoSettings(
      farmers: farmers, agents: agents, blocks: blocks, exitOne: exitOne, killAgent: killAgent,
      speed: speed ?? DemoSettings.standardSpeed(farmers: farmers),
      outsideFarmers: outsideFarmers, port: port, faults: faults, unlimited: unlimited,
      keepsData: keep)
  }
}
