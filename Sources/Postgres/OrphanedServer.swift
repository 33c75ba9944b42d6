import Glibc
import Logging

/// A server that an earlier run of this program left behind: it is on its way out, but may need
/// time for it, and meanwhile holds the data folder.
struct OrphanedServer {
  let folder: ClusterFolder

  static let patienceSeconds = 3
  static let stopSecondsMax = 60

  /// Waits for its end, and asks for it after a while. Returns at once where there is none.
  ///
  /// The caller holds the folder's lock, so the server belongs to nobody who still lives.
  func end(log: Logger) async throws(ClusterError) {
    let begin = ContinuousClock.now
    var asked = false
    while let processID = runningServer() {
      let waited = ContinuousClock.now - begin
      if waited > .seconds(Self.stopSecondsMax) {
        throw ClusterError(
          .inUse, "a database server (process \(processID)) still runs in \(folder.data): end it")
      }
      if !asked, waited > .seconds(Self.patienceSeconds) {
        log.warning("stopping a left-over database", metadata: ["process": "\(processID)"])
        kill(processID, SIGINT)
        asked = true
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
  }

  /// The process named in `postmaster.pid`, if it is a server that works in our data folder.
  private func runningServer() -> pid_t? {
    guard let text = firstLine(folder.data + "/postmaster.pid"), let processID = pid_t(text),
      processID > 1, let its = identity("/proc/\(processID)/cwd"),
      let ours = identity(folder.data), its == ours
    else { return nil }
    return processID
  }

  private struct Identity: Equatable {
    var device: UInt
    var inode: UInt
  }

  private func identity(_ path: String) -> Identity? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Identity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
  }

  private func firstLine(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(file, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
