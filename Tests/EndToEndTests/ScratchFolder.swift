import Foundation

/// A new folder under /tmp (short enough for a database's socket), removed at the end.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/kpt-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    chmod(path, 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> URL { URL(fileURLWithPath: path + "/" + name) }

  /// Processes that name this folder in their arguments or environment.
  func users() throws -> [String] {
    let needle = Data(path.utf8)
    return try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { entry in
      guard let number = Int32(entry), number != getpid() else { return false }
      return ["cmdline", "environ"].contains { file in
        // A process may end while we look.
        guard let data = FileManager.default.contents(atPath: "/proc/\(entry)/\(file)") else {
          return false
        }
        return data.range(of: needle) != nil
      }
    }
  }
}
