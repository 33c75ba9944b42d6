import ArgumentParser
@preconcurrency import Glibc  // `stderr` is a variable there; it is only handed on
import Logging
import RPCBench
import Store
import StoreBench

struct BenchStore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Fills a database with a made-up past and measures the journal and its readers.",
    discussion: """
      Starts a private PostgreSQL in a new folder, writes whole blocks of farmers' events as fast \
      as the journal takes them, verifies the chain, makes the projections anew (they must not \
      differ), reads everything as a start does, and asks for the pages that people look at.
      """)

  @Option(help: "Events to write, at least.")
  var events = 1_000_000

  @Option(help: "Farmers in each block.")
  var farmers = 500

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard events > 0, farmers > 0 else {
      throw CommandFailure("--events and --farmers must be above 0")
    }
  }

  func run() async throws {
    try await Program.run { log in
      var log = log
      log.logLevel = .warning
      var figures = StoreFigures()
      let run = StoreRun(events: events, farmers: farmers)
      try await BenchDatabase.with(log: log) { database in
        let before = (ProcessUsage(of: getpid()).cpuSeconds, database.usage.cpuSeconds)
        try await run.write(database.settings, &figures, log: log) { Self.show($0) }
        figures.poolCPUSeconds = ProcessUsage(of: getpid()).cpuSeconds - before.0
        figures.databaseCPUSeconds = database.usage.cpuSeconds - before.1
        try await run.measure(database.settings, &figures, log: log)
      }
      figures.chain = try await BenchDatabase.with(log: log) { database in
        try await StoreRun.chainCost(database.settings, log: log)
      }
      if output.json { try printJSON(figures) } else { print(Self.text(figures)) }
      if figures.findings > 0 || !figures.projectionsThatDiffered.isEmpty {
        throw ExitCode.failure
      }
    }
  }

  private static func show(_ events: Int64) {
    if isatty(2) == 1 { fputs("\r\(events) events", stderr) }
  }

  private static func text(_ figures: StoreFigures) -> String {
    let events = Double(figures.events)
    var table = TextTable(.text("what"), .number("figure"), .text("unit"))
    func add(_ what: String, _ value: Double, _ unit: String) {
      table.add(what, "\((value * 100).rounded() / 100)", unit)
    }
    add("blocks", Double(figures.blocks), "")
    add("events", events, "")
    add("written", events / figures.writeSeconds, "events/s")
    add("events in one transaction", events / Double(figures.transactions), "")
    add("in the database", Double(figures.databaseBytes) / events, "bytes/event")
    add("CPU of ours while writing", figures.poolCPUSeconds / events * 1e6, "us/event")
    add("CPU of PostgreSQL's", figures.databaseCPUSeconds / events * 1e6, "us/event")
    if let chain = figures.chain {
      add("written without the chain", chain.microsecondsWithout, "us/event")
      add("written with it", chain.microsecondsWith, "us/event")
    }
    add("verified", figures.verifySeconds, "s")
    add("findings", Double(figures.findings), "")
    add("projections made anew", figures.rebuildSeconds, "s")
    add("projections that differed", Double(figures.projectionsThatDiffered.count), "")
    add("read at a start", figures.loadSeconds, "s")
    add("page of 50 blocks, operator", figures.analyticsMilliseconds, "ms")
    add("page of 50 blocks, farmer", figures.blocksMilliseconds, "ms")
    add("page of 50 rewards, farmer", figures.rewardsMilliseconds, "ms")
    add("statement of 100 lines", figures.statementMilliseconds, "ms")
    return table.text
  }
}
