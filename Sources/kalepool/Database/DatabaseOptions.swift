import ArgumentParser
import Foundation
import Logging
import Postgres
import Store

/// How a command that looks into the database finds it.
struct DatabaseOptions: ParsableArguments {
  @Option(help: "The coordinator's data folder, with its keys and its private database.")
  var data = DefaultFolder.data

  @Option(help: "Connection string of the PostgreSQL server, where the coordinator was given one.")
  var database: String?

  /// Lends the database to `body`: the running coordinator's, or one that is started for this.
  func withStore(
    log: Logger, _ body: (StoreSettings) async throws -> Void
  ) async throws {
    if let database { return try await body(StoreSettings(database: database)) }
    let folder = data + "/database"
    guard let running = try PrivateCluster.reach(folder) else {
      throw CommandFailure(
        "\(folder) holds no database: name the coordinator's data folder with --data, or its "
          + "server with --database")
    }
    let cluster: PrivateCluster
    do { cluster = try await PrivateCluster.start(in: folder, log: log) } catch {
      guard error.code == .inUse else { throw error }
      return try await body(
        StoreSettings(owner: running.owner, application: running.application))
    }
    let result: Result<Void, any Error>
    do { result = .success(try await body(StoreSettings(cluster))) } catch {
      result = .failure(error)
    }
    await cluster.stop()
    try result.get()
  }
}
