import Bytes
package import Postgres
import Sodium

/// Where the store lives: one database, two roles.
package struct StoreSettings: Sendable {
  /// Owns the tables; used for migrations at the start and then let go.
  package var owner: PostgresSettings
  /// What everything else runs as: may insert and read.
  package var application: PostgresSettings

  /// Who asks for the lease. The same name takes up at once what its former self left.
  package var holder = "unnamed " + Hex.encode(randomBytes(8))
  /// How long to stand by while another coordinator holds the lease; nil: for ever.
  package var standbyMillisecondsMax: Int?
  /// A holder that has not renewed its lease for so long has lost it. It renews four times as
  /// often, so that a slow commit costs nothing; a take-over is to be done in 15 s.
  package var leaseMilliseconds = 8_000
  /// How long the holder's session must be gone before somebody else takes over: longer than the
  /// holder needs to come back after a cut.
  package var graceMilliseconds = 3_000
  /// How long the journal tries to reach a database that went away; then the coordinator stops.
  package var reconnectMillisecondsMax = 10_000
  /// What is kept outside of the database against tampering; nil: nothing, for tests.
  package var seal: JournalSeal?

  package init(owner: PostgresSettings, application: PostgresSettings) {
    self.owner = owner
    self.application = application
  }

  package init(_ cluster: PrivateCluster) {
    self.init(owner: cluster.ownerSettings, application: cluster.applicationSettings)
  }

  /// A server named by a connection string. Its log-in makes the tables; the application then
  /// takes on the role `kalepool_app`, which the log-in must be able to make or be a member of.
  package init(database: String) {
    owner = PostgresSettings(connection: database)
    application = owner
    application.role = PrivateCluster.applicationRole
  }
}
