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
    // Short enough for a socket.
    let folder = "/tmp/kalepool-\(UUID().uuidString.prefix(8))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cluster = try await PrivateCluster.start(in: folder, log: quiet)
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

  static func superuser() async throws -> PostgresConnection {
    var admin = try #require(current).ownerSettings
    admin.user = "postgres"
    admin.database = "postgres"
    return try await PostgresConnection.connect(admin)
  }

  /// A new database with its tables, for one test.
  static func database() async throws -> StoreSettings {
    let cluster = try #require(current)
    let name = "test_" + UUID().uuidString.filter { $0 != "-" }.lowercased()
    let superuser = try await superuser()
    try await superuser.query(
      "CREATE DATABASE \(name) OWNER kalepool_owner TEMPLATE kalepool")
    await superuser.close()
    var settings = StoreSettings(cluster)
    settings.owner.database = name
    settings.application.database = name
    return settings
  }
}

extension Trait where Self == ClusterTrait {
  static var cluster: Self { ClusterTrait() }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
