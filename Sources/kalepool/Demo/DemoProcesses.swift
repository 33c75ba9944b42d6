import Foundation
import Runtime

/// The demo's child processes: started in order, watched, and stopped in the opposite order.
actor DemoProcesses {
  /// What is stopped together, the highest first.
  enum Stage: Int, CaseIterable {
    case devnet
    case coordinator
    case agent
  }

  private struct Entry {
    var name: String
    var stage: Stage
    var child: ChildProcess
    var log: String
    /// It was killed on purpose.
    var mayEnd = false
  }

  private let logs: String
  private var entries: [Entry] = []

  /// How long a child may take to stop before it is killed: the coordinator has a database to stop.
  static let stopSeconds = 40.0
  static let tailLines = 15
  private static let pause: Duration = .milliseconds(50)

  init(logs: String) { self.logs = logs }

  /// Gives the process's number.
  @discardableResult
  func start(_ name: String, _ stage: Stage, _ executable: String, _ arguments: [String])
    async throws -> Int32
  {
    let log = "\(logs)/\(name).log"
    let file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw CommandFailure("\(log) cannot be written") }
    defer { close(file) }
    var command = ChildProcess.Command(executable, arguments)
    command.output = file
    for (name, value) in ProcessInfo.processInfo.environment
    where name == "PATH" || name == "TMPDIR" || name == "HOME" || name == "SWIFT_BACKTRACE" {
      command.environment[name] = value
    }
    let child = try await ChildProcess.start(command)
    entries.append(Entry(name: name, stage: stage, child: child, log: log))
    return child.processID
  }

  /// Waits until a child ends that should run on, and says which and why.
  func watch() async throws {
    while true {
      for entry in entries where !entry.mayEnd {
        if let end = entry.child.end { throw failure(of: entry, end) }
      }
      try await Task.sleep(for: Self.pause)
    }
  }

  /// Ends a child without warning, and returns when it is gone: until then it holds its files' locks.
  func kill(_ name: String) async {
    guard let index = entries.lastIndex(where: { $0.name == name }) else { return }
    entries[index].mayEnd = true
    let child = entries[index].child
    child.signal(SIGKILL)
    _ = await child.ended()
  }

  /// Agents first, then the coordinator, then the devnet; waits for each stage's end.
  func stop() async {
    for stage in Stage.allCases.reversed() {
      let children = entries.filter { $0.stage == stage }.map(\.child)
      for child in children { child.signal(SIGTERM) }
      let killer = Task {
        try await Task.sleep(for: .seconds(Self.stopSeconds))
        for child in children { child.signal(SIGKILL) }
      }
      for child in children { _ = await child.ended() }
      killer.cancel()
    }
    entries = []
  }

  private func failure(of entry: Entry, _ end: ChildProcess.End) -> CommandFailure {
    let how =
      switch end {
      case .exited(let status): "ended with status \(status)"
      case .signalled(let number): "was ended by signal \(number)"
      }
    let data = FileManager.default.contents(atPath: entry.log) ?? Data()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    // Our programs say in their last line why they end.
    for prefix in ["Error: ", "kalepool: ", "kalepool-agent: "] {
      if let line = lines.last, line.hasPrefix(prefix) {
        return CommandFailure("\(entry.name) \(how): \(line.dropFirst(prefix.count))")
      }
    }
    let tail = lines.suffix(Self.tailLines).map { "\n  \($0)" }.joined()
    return CommandFailure("\(entry.name) \(how); its log ends:\(tail)")
  }
}
