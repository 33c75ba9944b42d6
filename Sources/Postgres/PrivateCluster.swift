import Glibc
package import Logging
package import Runtime

/// A PostgreSQL cluster of our own: initialised in a folder, run as a child, reachable only
/// through a Unix socket in a folder that nobody else can enter.
///
/// It never runs as root: where this program does, the database runs as the user `postgres`. It
/// ends with this program, even when that is killed. Checksums are on and fsync stays on.
/// A folder from an earlier run is taken up again; PostgreSQL recovers by itself.
package final class PrivateCluster: Sendable {
  package static let database = "kalepool"
  /// Owns the tables; only migrations run as this role.
  package static let ownerRole = "kalepool_owner"
  /// What the program works as: may insert and read, and nothing more on event tables.
  package static let applicationRole = "kalepool_app"
  static let superuser = "postgres"
  static let port = 5432

  /// How long recovery may take at the start, and a fast stop at the end.
  static let startSecondsMax = 120
  static let stopSecondsMax = 20

  private let folder: ClusterFolder
  private let lock: FileLock
  private let server: ChildProcess
  private let log: Logger

  private init(folder: ClusterFolder, lock: FileLock, server: ChildProcess, log: Logger) {
    self.folder = folder
    self.lock = lock
    self.server = server
    self.log = log
  }

  /// Starts the cluster in `path`, initialising it where the folder is new.
  package static func start(in path: String, log: Logger) async throws(ClusterError)
    -> PrivateCluster
  {
    let binaries = try await PostgresBinaries.find()
    let folder = try ClusterFolder(path)
    try folder.prepare()
    try await folder.checkReachable()
    let lock = try FileLock(folder.lock)
    try await OrphanedServer(folder: folder).end(log: log)
    if !folder.isInitialised {
      log.info("initialising a private database", metadata: ["folder": "\(folder.path)"])
      try await initialise(folder, binaries)
    }
    let server = try await serve(folder.data, folder, binaries)
    let cluster = PrivateCluster(folder: folder, lock: lock, server: server, log: log)
    do throws(ClusterError) {
      try await cluster.waitUntilReady()
      try await cluster.createRoles()
    } catch {
      await cluster.stop()
      throw error
    }
    log.info("private database is up", metadata: ["folder": "\(folder.path)"])
    return cluster
  }

  /// How to reach a cluster that another program runs in `path`: as its owner and as the
  /// application. Nil where there is no cluster.
  package static func reach(
    _ path: String
  ) throws(ClusterError) -> (owner: PostgresSettings, application: PostgresSettings)? {
    let folder = try ClusterFolder(path)
    guard folder.isInitialised else { return nil }
    return (settings(folder, ownerRole), settings(folder, applicationRole))
  }

  /// How to connect as the application, or as the owner for migrations.
  package var applicationSettings: PostgresSettings { settings(Self.applicationRole) }
  package var ownerSettings: PostgresSettings { settings(Self.ownerRole) }

  /// Where the server writes its log.
  package var logFile: String { folder.log }

  /// The postmaster's process id.
  package var processID: Int32 { server.processID }

  /// How the server ended, nil while it runs: whoever depends on it may watch.
  package func ended() async -> ChildProcess.End { await server.ended() }

  /// The same without waiting: nil while it runs.
  package var end: ChildProcess.End? { server.end }

  /// Stops the server: open transactions are rolled back, what was committed is on disk.
  package func stop() async {
    // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (recovery at the next start).
    server.signal(SIGINT)
    if await !ended(within: Self.stopSecondsMax) {
      log.warning("the private database does not stop; ending it at once")
      server.signal(SIGQUIT)
      if await !ended(within: Self.stopSecondsMax) { server.signal(SIGKILL) }
      _ = await server.ended()
    }
    lock.release()
  }

  /// Gives the folder up without stopping the server, as the end of this program would.
  package func abandon() { lock.release() }

  private func ended(within seconds: Int) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      let server = server
      group.addTask {
        // Polled, so that the loser of this race can be cancelled.
        while server.end == nil && !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(5))
        }
        return server.end != nil
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(seconds))
        return false
      }
      let first = await group.next() ?? false
      group.cancelAll()
      return first
    }
  }

  private func settings(_ user: String, database: String = PrivateCluster.database)
    -> PostgresSettings
  {
    Self.settings(folder, user, database: database)
  }

  private static func settings(
    _ folder: ClusterFolder, _ user: String, database: String = PrivateCluster.database
  ) -> PostgresSettings {
    PostgresSettings(host: folder.sockets, port: port, user: user, database: database)
  }

  // MARK: Starting

  private static func initialise(
    _ folder: ClusterFolder, _ binaries: PostgresBinaries
  ) async throws(ClusterError) {
    // Made beside its place and moved there, so that a kill midway leaves nothing half made.
    try await folder.removeUnfinished()
    let output = try folder.openLog()
    defer { close(output) }
    var command = ChildProcess.Command(
      binaries.initdb,
      [
        "-D", folder.unfinished, "-U", superuser, "--auth-local=trust", "--auth-host=reject",
        "--encoding=UTF8", "--locale=C", "--data-checksums",
      ])
    command.user = folder.user
    command.output = output
    guard case .exited(0) = try await start(command).ended() else {
      throw ClusterError(.failed, "the database could not be initialised: see \(folder.log)")
    }
    try folder.finishInitialising()
  }

  private static func serve(
    _ data: String, _ folder: ClusterFolder, _ binaries: PostgresBinaries
  ) async throws(ClusterError) -> ChildProcess {
    let output = try folder.openLog()
    defer { close(output) }
    var command = ChildProcess.Command(
      binaries.postgres,
      [
        "-D", data, "-k", folder.sockets, "-h", "", "-p", String(port),
        "-c", "unix_socket_permissions=0700", "-c", "fsync=on", "-c", "full_page_writes=on",
        "-c", "synchronous_commit=on", "-c", "max_connections=50",
      ])
    command.user = folder.user
    command.output = output
    command.parentDeathSignal = "INT"
    return try await start(command)
  }

  private static func start(
    _ command: ChildProcess.Command
  ) async throws(ClusterError) -> ChildProcess {
    do {
      return try await ChildProcess.start(command)
    } catch { throw ClusterError(.failed, error.description) }
  }

  /// Tries to connect until the server lets us in; crash recovery takes its time.
  private func waitUntilReady() async throws(ClusterError) {
    let deadline = ContinuousClock.now + .seconds(Self.startSecondsMax)
    var last = "no answer"
    while ContinuousClock.now < deadline {
      if server.end != nil {
        throw ClusterError(.failed, "the database ended at its start: see \(folder.log)")
      }
      do throws(PostgresError) {
        let settings = settings(Self.superuser, database: "postgres")
        await (try PostgresConnection.connect(settings)).close()
        return
      } catch { last = error.message }
      try? await Task.sleep(for: .milliseconds(10))
    }
    throw ClusterError(.failed, "the database does not get ready (\(last)): see \(folder.log)")
  }

  /// Makes the two roles and the database, where a first start did not get that far.
  private func createRoles() async throws(ClusterError) {
    do throws(PostgresError) {
      let settings = settings(Self.superuser, database: "postgres")
      let connection = try await PostgresConnection.connect(settings)
      for role in [Self.ownerRole, Self.applicationRole] {
        let found = try await connection.query(
          "SELECT 1 FROM pg_roles WHERE rolname = $1", [.text(role)])
        if found.isEmpty { try await connection.query("CREATE ROLE \(role) LOGIN") }
      }
      let found = try await connection.query(
        "SELECT 1 FROM pg_database WHERE datname = $1", [.text(Self.database)])
      if found.isEmpty {
        try await connection.query("CREATE DATABASE \(Self.database) OWNER \(Self.ownerRole)")
      }
      await connection.close()
    } catch {
      throw ClusterError(.failed, "the database could not be set up: \(error.message)")
    }
  }
}
