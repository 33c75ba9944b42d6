import ArgumentParser
@preconcurrency import Glibc  // `stderr` is a variable there; it is only handed on
import Postgres
import Store

struct RebuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Makes every projection anew from the events alone.",
    discussion: """
      Projections are sums over the events that make questions cheap. Rebuilding repairs them,
      whatever was done to them; the status is 1 when they were not what the events say. It may
      run beside the coordinator.
      """)

  @OptionGroup var place: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await Program.run { log in
      try await place.withStore(log: log) { settings in
        var application = settings.application
        application.statementMillisecondsMax = 0
        let connection = try await PostgresConnection.connect(application)
        let report = try await Rebuild.run(connection) { events in
          if isatty(2) == 1 { fputs("\r\(events) events", stderr) }
        }
        await connection.close()
        if output.json { try printJSON(report) } else { print(Self.text(report)) }
        if !report.differed.isEmpty { throw ExitCode.failure }
      }
    }
  }

  private static func text(_ report: Rebuild.Report) -> String {
    let seconds = Double(report.milliseconds) / 1_000
    let result =
      report.differed.isEmpty
      ? "every projection is what it was" : "mended: \(report.differed.joined(separator: ", "))"
    return "\(report.events) events in \(seconds) s: \(result)"
  }
}
