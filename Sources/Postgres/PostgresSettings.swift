/// How to reach a database, as one role.
package struct PostgresSettings: Sendable, Hashable {
  /// A libpq connection string or URI (`postgresql://…`), or empty for libpq's defaults.
  package var connection: String
  /// Overrides of what the string says.
  package var host: String?
  package var port: Int?
  package var user: String?
  package var database: String?
  /// A role to take on after connecting (`SET ROLE`), where the log-in is another.
  package var role: String?
  /// How long one statement may take; 0 for no limit.
  package var statementMillisecondsMax = 60_000

  package init(connection: String = "") { self.connection = connection }

  package init(host: String, port: Int, user: String, database: String) {
    connection = ""
    self.host = host
    self.port = port
    self.user = user
    self.database = database
  }

  /// libpq's keywords and values; later ones override what `dbname` expands to.
  var keywords: [(String, String)] {
    var pairs = [
      ("connect_timeout", "10"), ("keepalives_idle", "10"), ("tcp_user_timeout", "30000"),
      ("fallback_application_name", "kalepool"),
    ]
    if !connection.isEmpty { pairs.append(("dbname", connection)) }
    if let host { pairs.append(("host", host)) }
    if let port { pairs.append(("port", String(port))) }
    if let user { pairs.append(("user", user)) }
    if let database { pairs.append(("dbname", database)) }
    pairs.append(("client_encoding", "UTF8"))
    return pairs
  }
}
