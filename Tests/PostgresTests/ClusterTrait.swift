import Foundation
import Logging
import Postgres
import Testing

/// A private cluster for a whole suite, in a folder that goes with it.
struct ClusterTrait: SuiteTrait, TestScoping {
  @TaskLocal static var current: PrivateCluster?

  func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    let folder = TemporaryFolder()
    let cluster = try await PrivateCluster.start(in: folder.path, log: quiet)
    do {
      try await Self.$current.withValue(cluster) { try await function() }
    } catch {
      await cluster.stop()
      throw error
    }
    await cluster.stop()
  }

  static func connect() async throws -> PostgresConnection {
    let cluster = try #require(current)
    return try await PostgresConnection.connect(cluster.ownerSettings)
  }
}

extension Trait where Self == ClusterTrait {
  static var cluster: Self { ClusterTrait() }
}

/// A new folder under /tmp (short enough for a socket), removed at the end.
final class TemporaryFolder: Sendable {
  let path: String

  init() {
    path = "/tmp/kalepool-\(UUID().uuidString.prefix(8))"
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
