import ArgumentParser

struct BenchReconnect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconnect",
    abstract: "Kills a coordinator under thousands of agents, and measures until all are back.",
    discussion: """
      Starts a devnet and a coordinator with a database of its own, enrols agents of several poolers \
      over the wire, waits until each has its assignments, kills the coordinator (SIGKILL), starts it \
      again, and waits until each has its assignments again.
      """)

  @Option(help: "Agents.")
  var agents = 10_000

  @Option(help: "Loopback addresses they come from.")
  var addresses = 200

  @Option(help: "Poolers they belong to; each may have 256 sessions.")
  var poolers = 40

  @Option(help: "How often the coordinator is killed.")
  var kills = 1

  @Option(help: "Seconds for which all then stay connected while memory is watched.")
  var soak = 0

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...15_000).contains(agents), (1...1_000).contains(addresses), poolers > 0, kills >= 0,
      agents <= poolers * 256, soak >= 0
    else {
      throw CommandFailure(
        "--agents: 1 to 15,000 and at most 256 for each of --poolers; --addresses: 1 to 1,000;"
          + " --soak: at least 0")
    }
  }

  func run() async throws {
    let screen = Screen(output.json ? .standardError : .standardOutput)
    let figures = try await BenchStage.run { stage in
      try await ReconnectRun(
        agents: agents, addresses: addresses, poolers: poolers, kills: kills,
        soakSeconds: soak, screen: screen, stage: stage
      ).play()
    }
    if output.json { try printJSON(figures) } else { screen.line("\(figures)") }
  }
}

/// What ``BenchReconnect`` measured. Seconds are wall-clock time.
struct ReconnectFigures: Encodable, Sendable {
  struct Kill: Encodable, Sendable {
    /// From the kill to the start of the new process's first answer.
    var untilReady: Double
    /// From the new process's start until every agent had a session and its assignments.
    var allBackAfterStart: Double
    /// From its first answer.
    var allBackAfterReady: Double
    var failedAttempts: Int
    var coordinatorCPUSeconds: Double
  }

  struct Soak: Encodable, Sendable {
    var seconds: Int
    /// The coordinator's memory, at equal times from the first to the last.
    var coordinatorBytes: [Int]
    /// Of the second half, by the line of least squares; in the first caches fill.
    var growthPercentPerHour: Double
    var sessionsLost: Int
    var coordinatorCPUSeconds: Double
  }

  var agents: Int
  var enrolSeconds: Double
  var kills: [Kill] = []
  var soak: Soak?
  /// Agents that were refused: none may be.
  var refusals = 0
  /// Agents that the coordinator names at the end, and how many of them it sees online.
  var known = 0
  var online = 0
  var coordinatorBytesPerAgent = 0
}
