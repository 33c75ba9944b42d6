import Foundation

/// The demo's data: a fresh folder under the system's folder for temporary files.
///
/// Others may pass through it (0755), because as root the database runs as a user of its own; what
/// is secret lies in folders that are closed.
struct DemoFolder: Sendable {
  let path: String

  var coordinator: String { path + "/coordinator" }
  var logs: String { path + "/logs" }
  func agentKeys(_ number: Int) -> String { path + "/agent-\(number)" }

  private static let endSeconds = 20.0

  init() throws {
    let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(base)/kalepool-demo-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw CommandFailure(
        "no folder can be made in \(base) (\(String(cString: strerror(errno)))): name another by TMPDIR"
      )
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    chmod(path, 0o755)
    try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
  }

  /// Removes everything, once nobody works in it any more: a database whose coordinator was killed
  /// ends by itself, a moment later.
  func remove() async throws {
    let deadline = ContinuousClock.now + .seconds(Self.endSeconds)
    while hasUsers, ContinuousClock.now < deadline {
      try? await Task.sleep(for: .milliseconds(50))
    }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw CommandFailure("\(path) could not be removed (\(error)): remove it yourself")
    }
  }

  /// Whether some process names the folder in its arguments.
  private var hasUsers: Bool {
    let needle = Data(path.utf8)
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.contains { process in
      // It may have ended while we look.
      guard let number = Int32(process), number != getpid(),
        let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
      else { return false }
      return words.range(of: needle) != nil
    }
  }
}
