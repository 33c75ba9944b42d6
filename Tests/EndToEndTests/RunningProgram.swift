import Foundation
import Testing

/// A program that runs, with its output in files.
final class RunningProgram: Sendable {
  struct Result: Sendable {
    var status: Int32
    var output: String
    var errors: String

    /// The last line of standard output.
    var lastLine: String { output.split(separator: "\n").last.map { String($0) } ?? "" }

    /// The one line for a person that says why it failed; empty where there is none, or several.
    /// Others may come with it: a log before, how the command is used after.
    var problem: String {
      let lines = errors.split(separator: "\n").filter { line in
        ["Error: ", "kalepool: ", "kalepool-agent: "].contains { line.hasPrefix($0) }
      }
      return status != 0 && lines.count == 1 ? String(lines[0]) : ""
    }
  }

  private let process: Process
  private let ending: AsyncStream<Int32>
  private let folder: ScratchFolder

  init(path: String, arguments: [String], environment: [String: String]) throws {
    folder = try ScratchFolder()
    for name in ["output", "errors"] {
      try Data().write(to: folder.file(name))
    }
    process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: folder.file("output"))
    process.standardError = try FileHandle(forWritingTo: folder.file("errors"))
    let (ending, continuation) = AsyncStream.makeStream(of: Int32.self)
    self.ending = ending
    process.terminationHandler = { process in
      continuation.yield(process.terminationStatus)
      continuation.finish()
    }
    try process.run()
  }

  var processID: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }

  /// What it has printed so far.
  var output: String { read("output") }
  var errors: String { read("errors") }

  func interrupt() { kill(processID, SIGINT) }

  /// Waits for the end; only the first caller gets it.
  func result() async throws -> Result {
    for await status in ending {
      return Result(status: status, output: output, errors: errors)
    }
    throw CancellationError()
  }

  /// Waits until a printed line begins with `prefix` and gives the rest of it.
  func line(beginning prefix: String) async throws -> String {
    while true {
      for line in output.split(separator: "\n") where line.hasPrefix(prefix) {
        return String(line.dropFirst(prefix.count))
      }
      try #require(process.isRunning, "it ended early: \(errors)")
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private func read(_ name: String) -> String {
    let data = FileManager.default.contents(atPath: folder.path + "/" + name) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }
}
