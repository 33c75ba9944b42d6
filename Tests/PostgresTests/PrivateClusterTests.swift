import Foundation
import Glibc
import Postgres
import Runtime
import Testing

@Suite(.serialized) struct PrivateClusterTests {
  @Test func aClusterIsPrivateAndDurable() async throws {
    let folder = TemporaryFolder()
    let cluster = try await PrivateCluster.start(in: folder.path, log: quiet)
    let connection = try await PostgresConnection.connect(cluster.ownerSettings)
    let shown = [
      "data_checksums": "on", "fsync": "on", "full_page_writes": "on", "listen_addresses": "",
      "synchronous_commit": "on", "server_encoding": "UTF8", "jit": "off",
    ]
    for (name, value) in shown {
      #expect(try await connection.query("SHOW \(name)")[0].text(0) == value, "\(name)")
    }
    var status = stat()
    stat(folder.path + "/sockets", &status)
    #expect(status.st_mode & 0o777 == 0o700)
    stat("/proc/\(cluster.processID)", &status)
    #expect(status.st_uid != 0, "the server runs as root")

    let second = await #expect(throws: ClusterError.self) {
      _ = try await PrivateCluster.start(in: folder.path, log: quiet)
    }
    #expect(second?.code == .inUse)
    await cluster.stop()
    #expect(await cluster.ended() == .exited(0))
  }

  @Test func committedRowsOutliveAKilledServer() async throws {
    let folder = TemporaryFolder()
    var cluster = try await PrivateCluster.start(in: folder.path, log: quiet)
    var connection = try await PostgresConnection.connect(cluster.ownerSettings)
    try await connection.query("CREATE TABLE kept (v int8)")
    for round in 1...2 {
      try await connection.query("INSERT INTO kept VALUES ($1)", [.int(Int64(round))])
      kill(cluster.processID, SIGKILL)
      #expect(await cluster.ended() == .signalled(SIGKILL))
      await #expect(throws: PostgresError.self) {
        // The server's own processes notice their parent's end only when they next wait.
        while true { try await connection.query("SELECT 1") }
      }
      await cluster.stop()
      cluster = try await PrivateCluster.start(in: folder.path, log: quiet)
      connection = try await PostgresConnection.connect(cluster.ownerSettings)
      #expect(try await connection.query("SELECT count(*) FROM kept")[0].int(0) == Int64(round))
    }
    await cluster.stop()
  }

  @Test func aLeftOverServerIsTakenOver() async throws {
    let folder = TemporaryFolder()
    let first = try await PrivateCluster.start(in: folder.path, log: quiet)
    // The lock goes as if that program had died, the server stays.
    first.abandon()
    let second = try await PrivateCluster.start(in: folder.path, log: quiet)
    #expect(first.processID != second.processID)
    #expect(await first.ended() == .exited(0))
    let connection = try await PostgresConnection.connect(second.applicationSettings)
    #expect(try await connection.query("SELECT 1")[0].int(0) == 1)
    await second.stop()
  }

  @Test func aHalfMadeFolderIsMadeAnew() async throws {
    let folder = TemporaryFolder()
    let rest = folder.path + "/data.unfinished"
    try FileManager.default.createDirectory(atPath: rest, withIntermediateDirectories: true)
    try Data("15\n".utf8).write(to: URL(fileURLWithPath: rest + "/PG_VERSION"))
    let cluster = try await PrivateCluster.start(in: folder.path, log: quiet)
    await cluster.stop()
    #expect(!FileManager.default.fileExists(atPath: rest))
  }

  @Test(arguments: [
    ("/tmp/" + String(repeating: "k", count: 90), "bytes too long"),
    ("/tmp/kale,pool", "comma"),
    ("/proc/kalepool", "/proc/kalepool"),
    ("/tmp", "not the database's"),
  ])
  func unusableFoldersAreNamed(_ path: String, part: String) async {
    let error = await #expect(throws: ClusterError.self) {
      _ = try await PrivateCluster.start(in: path, log: quiet)
    }
    #expect(error?.code == .unusableFolder)
    #expect(error?.message.contains(part) == true)
  }

  @Test(.enabled(if: geteuid() == 0, "only root's folders are out of the server's reach"))
  func aFolderOutOfReachIsNamed() async {
    let path = "/root/kalepool-\(UUID().uuidString.prefix(8))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = await #expect(throws: ClusterError.self) {
      _ = try await PrivateCluster.start(in: path, log: quiet)
    }
    #expect(error?.code == .unusableFolder)
    #expect(error?.message.contains("/var/lib/kalepool") == true)
  }
}

@Suite struct ChildProcessTests {
  @Test func endsAreTold() async throws {
    let good = try await ChildProcess.start(.init("/bin/true", []))
    #expect(await good.ended() == .exited(0))
    #expect(good.end == .exited(0))
    let bad = try await ChildProcess.start(.init("/bin/sh", ["-c", "exit 7"]))
    #expect(await bad.ended() == .exited(7))
    let killed = try await ChildProcess.start(.init("/bin/sleep", ["600"]))
    killed.signal(SIGKILL)
    #expect(await killed.ended() == .signalled(SIGKILL))
    killed.signal(SIGKILL)
  }

  /// The death signal follows the thread that started the child, which must therefore not end.
  @Test func childrenOutliveTheTaskThatStartedThem() async throws {
    let child = try await Task.detached {
      try await ChildProcess.start(.init("/bin/sleep", ["600"]))
    }.value
    for _ in 0..<100 { await Task.yield() }
    #expect(child.end == nil)
    child.signal(SIGTERM)
    #expect(await child.ended() == .signalled(SIGTERM))
  }
}
