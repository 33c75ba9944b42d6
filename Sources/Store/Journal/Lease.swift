import Logging
import Postgres

/// Whose turn it is to write: a row with an epoch and a renewal time by the database's clock.
///
/// 1. Who holds it has a session that holds an advisory lock, and renews it with every commit.
/// 2. Every commit checks the epoch (`hold_lease`): after a take-over the old holder writes nothing,
///    however late it wakes.
/// 3. It is taken where the holder gave it back, or is this one's former self and its session is
///    gone; where the session has been gone for `graceMilliseconds`; or where it was not renewed
///    for `leaseMilliseconds`, and then the holder's session is ended first.
struct Lease {
  let epoch: Int64
  let connection: PostgresConnection

  /// Any number that nobody else uses for an advisory lock: "kalepool" in ASCII.
  static let lockKey: Int64 = 0x6b61_6c65_706f_6f6c
  static let pollMilliseconds = 250

  /// Takes the lease, waiting for it as long as the settings allow.
  static func take(
    _ settings: StoreSettings, log: Logger
  ) async throws(StoreError) -> Lease {
    let deadline = settings.standbyMillisecondsMax.map { ContinuousClock.now + .milliseconds($0) }
    var isStandby = false
    while true {
      do throws(PostgresError) {
        let connection = try await PostgresConnection.connect(settings.application)
        if let epoch = try await attempt(connection, settings) {
          if isStandby { log.notice("taking over", metadata: ["epoch": "\(epoch)"]) }
          return Lease(epoch: epoch, connection: connection)
        }
        await connection.close()
      } catch {
        // A standby outlives a restart of the database and a full disk; a first start says what is
        // wrong.
        let mayPass: Set<PostgresError.Code> = [.unreachable, .outOfResources]
        guard error.code == .connectionLost || isStandby && mayPass.contains(error.code) else {
          throw StoreError(error, while: "the journal cannot be opened")
        }
      }
      if let deadline, .now > deadline {
        throw StoreError(
          .inUse, "another coordinator writes to this database: stop it, or name another database")
      }
      if !isStandby {
        isStandby = true
        log.notice("another coordinator writes to this database: standing by to take over")
      }
      do {
        try await Task.sleep(for: .milliseconds(pollMilliseconds))
      } catch { throw StoreError(.closed, "stopped while standing by") }
    }
  }

  /// The lease's epoch on a connection of its holder's that came back; nil: it is another's.
  static func retake(
    _ connection: PostgresConnection, epoch: Int64, _ settings: StoreSettings
  ) async throws(PostgresError) {
    // The session that was lost may not know yet that it is.
    while try await !lock(connection) {
      // Only read: the lost session may have the row locked.
      let now = try await connection.query("SELECT epoch FROM leases WHERE name = 'pool'")[0]
      guard try now.int(0) == epoch else { break }
      try await endHolder(settings)
    }
    try await connection.query("SELECT hold_lease($1)", [.int(epoch)])
  }

  /// Gives the lease back, so that nobody waits for its end.
  func release() async {
    _ = try? await connection.query(
      "UPDATE leases SET renewed_at = '-infinity' WHERE name = 'pool' AND epoch = $1",
      [.int(epoch)])
    await connection.close()
  }

  private static func attempt(
    _ connection: PostgresConnection, _ settings: StoreSettings
  ) async throws(PostgresError) -> Int64? {
    let row = try await connection.query(
      """
      SELECT holder = $1 OR renewed_at < clock_timestamp() - $2 * interval '1 ms',
        renewed_at < clock_timestamp() - $3 * interval '1 ms'
      FROM leases WHERE name = 'pool'
      """,
      [
        .text(settings.holder), .int(Int64(settings.graceMilliseconds)),
        .int(Int64(settings.leaseMilliseconds)),
      ])[0]
    guard try row.bool(0) else { return nil }
    while try await !lock(connection) {
      guard try row.bool(1) else { return nil }
      try await endHolder(settings)
    }
    let taken = try await connection.query(
      """
      UPDATE leases SET epoch = epoch + 1, holder = $1, renewed_at = clock_timestamp()
      WHERE name = 'pool' RETURNING epoch
      """, [.text(settings.holder)])
    return try taken[0].int(0)
  }

  private static func lock(_ connection: PostgresConnection) async throws(PostgresError) -> Bool {
    try await connection.query("SELECT pg_try_advisory_lock($1)", [.int(lockKey)])[0].bool(0)
  }

  /// Ends the session that holds the lock, and waits until it is gone. Done as the log-in, which may
  /// end sessions of its own.
  private static func endHolder(_ settings: StoreSettings) async throws(PostgresError) {
    var login = settings.application
    login.role = nil
    let connection = try await PostgresConnection.connect(login)
    _ = try await connection.query(
      """
      SELECT pg_terminate_backend(pid, 1000) FROM pg_locks
      WHERE locktype = 'advisory' AND objsubid = 1 AND classid = $1 AND objid = $2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """, [.int(lockKey >> 32), .int(lockKey & 0xffff_ffff)])
    await connection.close()
  }
}
