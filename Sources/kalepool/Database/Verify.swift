import ArgumentParser
import Bytes
@preconcurrency import Glibc  // `stderr` is a variable there; it is only handed on
import Logging
import Postgres
import Store

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks for changes to what was recorded; the status is 1 when there are any.",
    discussion: """
      Every row of the journal is held against the chain of hashes over it, the chain against the
      signatures of its checkpoints, and its end against the coordinator's own record of it in the
      data folder. It only reads, and may run beside the coordinator.
      """)

  @OptionGroup var place: DatabaseOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "A public key whose checkpoints count besides this folder's, such as a standby's.",
      discussion: "64 hex digits, as in keys/journal.pub there; it may be repeated."))
  var key: [String] = []

  func run() async throws {
    try await Program.run { log in
      let keys = try key.map { text in
        guard let key = Bytes32(hex: text) else {
          throw CommandFailure("--key \(text) is no key of 64 hex digits")
        }
        return key
      }
      // Elsewhere than in the coordinator's folder the public keys will do.
      let seal = keys.isEmpty ? try JournalSeal(folder: place.data, mayMake: false) : nil
      var report: JournalVerifier.Report?
      try await place.withStore(log: log) { settings in
        let connection = try await PostgresConnection.connect(settings.application)
        let verifier = JournalVerifier(connection, seal: seal, keys: Set(keys))
        report = try await verifier.run { Self.show($0) }
        await connection.close()
      }
      guard let report else { return }
      if output.json { try printJSON(report) } else { print(Self.text(report)) }
      if !report.findings.isEmpty { throw ExitCode.failure }
    }
  }

  private static func show(_ events: Int64) {
    if isatty(2) == 1 { fputs("\r\(events) events", stderr) }
  }

  private static func text(_ report: JournalVerifier.Report) -> String {
    var lines = report.findings.map { "\($0.kind.rawValue): \($0.what)" }
    if !report.endIsKnown {
      lines.append(
        "The coordinator's record of the journal's end is not here: events after the last "
          + "checkpoint may have been cut off unseen.")
    }
    lines.append(
      "\(report.events) events in \(report.links) links, \(report.checkpoints) checkpoints: "
        + "\(report.findings.count) findings")
    return lines.joined(separator: "\n")
  }
}
