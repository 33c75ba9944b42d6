import Foundation
import Logging
import Postgres
import Store
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
      // Made once: every test's database begins as a copy of it.
      await (try EventStore.open(StoreSettings(cluster), log: quiet)).close()
      try await Self.$current.withValue(cluster) { try await function() }
    } catch {
      await cluster.stop()
      throw error
    }
    await cluster.stop()
  }

  /// A new database for one test: with its tables but for one that is to make them.
  static func database(isEmpty: Bool = false) async throws -> StoreSettings {
    let cluster = try #require(current)
    let name = "test_" + UUID().uuidString.filter { $0 != "-" }.lowercased()
    let superuser = try await PostgresConnection.connect(superuserSettings("postgres"))
    try await superuser.query(
      "CREATE DATABASE \(name) OWNER kalepool_owner TEMPLATE \(isEmpty ? "template1" : "kalepool")")
    await superuser.close()
    var settings = StoreSettings(cluster)
    settings.owner.database = name
    settings.application.database = name
    settings.standbyMillisecondsMax = 0
    return settings
  }

  static func superuserSettings(_ database: String) throws -> PostgresSettings {
    var settings = try #require(current).ownerSettings
    settings.user = "postgres"
    settings.database = database
    return settings
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
