import Logging
import Postgres

/// Brings a database's tables to this program's version, as their owner.
struct Migrator {
  let settings: StoreSettings
  let log: Logger

  /// Any number that nobody else uses for an advisory lock: "kalemigr" in ASCII.
  static let lockKey: Int64 = 0x6b61_6c65_6d69_6772

  func run() async throws(StoreError) {
    do throws(PostgresError) {
      var owner = settings.owner
      // A large table may take long to change.
      owner.statementMillisecondsMax = 0
      let connection = try await PostgresConnection.connect(owner)
      // Waits for another process that migrates; given back with the connection.
      try await connection.query("SELECT pg_advisory_lock($1)", [.int(Self.lockKey)])
      try await makeRole(connection)
      try await connection.runScript(
        """
        CREATE TABLE IF NOT EXISTS schema_versions (
          version bigint PRIMARY KEY,
          applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        GRANT SELECT ON schema_versions TO \(Migration.applicationRole);
        """)
      let rows = try await connection.query(
        "SELECT coalesce(max(version), 0) FROM schema_versions")
      let version = try rows[0].int(0)
      let known = Migration.all.last?.version ?? 0
      guard version <= known else {
        throw PostgresError(
          .refused, "its tables are of version \(version), this program knows \(known): update it")
      }
      for migration in Migration.all where migration.version > version {
        log.info("migrating the database", metadata: ["version": "\(migration.version)"])
        try await connection.runScript(
          migration.sql + "\nINSERT INTO schema_versions (version) VALUES (\(migration.version));")
      }
      await connection.close()
    } catch {
      throw error.code == .unreachable
        ? StoreError(error, while: "the database cannot be reached")
        : StoreError(.schema, "the database cannot be used: \(error.description)", cause: error)
    }
  }

  /// Makes the application's role where it is missing, and lets the log-in take it on where it must.
  private func makeRole(_ connection: PostgresConnection) async throws(PostgresError) {
    let role = Migration.applicationRole
    let found = try await connection.query(
      "SELECT 1 FROM pg_roles WHERE rolname = $1", [.text(role)])
    if found.isEmpty { try await connection.runScript("CREATE ROLE \(role) NOLOGIN") }
    guard settings.application.role == role else { return }
    let member = try await connection.query(
      "SELECT pg_has_role(current_user, $1, 'MEMBER')", [.text(role)])
    if try !member[0].bool(0) { try await connection.runScript("GRANT \(role) TO CURRENT_USER") }
  }
}
