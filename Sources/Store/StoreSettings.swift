package import Postgres

/// Where the store lives: one database, two roles.
package struct StoreSettings: Sendable {
  /// Owns the tables; used for migrations at the start and then let go.
  package var owner: PostgresSettings
  /// What everything else runs as: may insert and read.
  package var application: PostgresSettings

  /// How long to wait for the writer's lock of a coordinator that has just died.
  package var lockMillisecondsMax = 5_000

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
