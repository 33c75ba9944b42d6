import Foundation
import Logging
import Postgres
import RPCBench
import Store

/// A private database for one measurement, in a folder that goes with it.
struct BenchDatabase {
  let settings: StoreSettings
  private let cluster: PrivateCluster

  /// Lends a new, empty database to `body`.
  static func with<Answer>(
    log: Logger, _ body: (BenchDatabase) async throws -> Answer
  ) async throws -> Answer {
    let folder = try DemoFolder()
    let cluster = try await PrivateCluster.start(in: folder.coordinator + "/database", log: log)
    let result: Result<Answer, any Error>
    do {
      var settings = StoreSettings(cluster)
      settings.seal = try JournalSeal(folder: folder.coordinator)
      result = .success(try await body(BenchDatabase(settings: settings, cluster: cluster)))
    } catch { result = .failure(error) }
    await cluster.stop()
    try await folder.remove()
    return try result.get()
  }

  /// CPU time and memory of the server's processes, those that have ended included.
  var usage: (cpuSeconds: Double, memoryBytes: Int) {
    let server = cluster.processID
    let children = try? String(
      contentsOfFile: "/proc/\(server)/task/\(server)/children", encoding: .utf8)
    let processes = [server] + (children ?? "").split(separator: " ").compactMap { Int32($0) }
    let usages = processes.map { ProcessUsage(of: $0) }
    return (
      usages.reduce(ProcessUsage.endedChildren(of: server)) { $0 + $1.cpuSeconds },
      usages.reduce(0) { $0 + $1.memoryBytes }
    )
  }
}
