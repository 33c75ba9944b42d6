import Agent
import Dispatch
import Glibc
import Logging
import Synchronization

/// Standard error as a terminal: log lines scroll, and below them one live line is written over.
final class Terminal: Sendable {
  /// Often enough to look alive, seldom enough to cost nothing.
  static let interval = Duration.seconds(1)
  /// Back to the line's beginning, and what stands there goes.
  private static let clear = "\r\u{1B}[K"

  private struct State {
    var status = ""
    var isOpen = true
  }

  private let state = Mutex(State())

  /// Nil where standard error is no terminal that can go back in its line: a service logs.
  init?() {
    guard isatty(STDERR_FILENO) == 1, getenv("TERM").map({ String(cString: $0) }) != "dumb" else {
      return nil
    }
  }

  func log(_ line: String) {
    state.withLock { Self.put(Self.clear + line + "\n" + $0.status) }
  }

  /// Shows the agent's live line until cancelled.
  func follow(_ agent: Agent) async {
    var line = LiveLine()
    while !Task.isCancelled {
      let text = String(line.text(agent.status).prefix(Self.columns - 1))
      state.withLock {
        guard $0.isOpen else { return }
        $0.status = text
        Self.put(Self.clear + text)
      }
      try? await Task.sleep(for: Self.interval)
    }
  }

  /// The live line goes and does not come again.
  func close() {
    state.withLock {
      $0 = State(isOpen: false)
      Self.put(Self.clear)
    }
  }

  /// The window's width now; 80 where it says nothing.
  private static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static func put(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}

/// Log lines above the live line.
struct TerminalLogHandler: LogHandler {
  let terminal: Terminal
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  init(_ terminal: Terminal, level: Logger.Level) {
    self.terminal = terminal
    logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let details = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    terminal.log("\(Self.clock) \(event.level): \(event.message)\(details)")
  }

  private static var clock: String {
    var now = time(nil)
    var local = tm()
    localtime_r(&now, &local)
    return [local.tm_hour, local.tm_min, local.tm_sec]
      .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}
