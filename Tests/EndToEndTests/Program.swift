import Foundation
import Testing

/// The built executables, which lie beside the test bundle.
enum Program: String {
  case kalepool
  case agent = "kalepool-agent"

  var path: String {
    get throws {
      let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      let path = (own as NSString).deletingLastPathComponent + "/" + rawValue
      try #require(
        FileManager.default.isExecutableFile(atPath: path),
        "\(path) is missing: `swift build --build-tests` makes it")
      return path
    }
  }

  /// Runs to its end.
  func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> RunningProgram.Result {
    try await start(arguments, environment: environment).result()
  }

  func start(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(path: try path, arguments: arguments, environment: environment)
  }
}
