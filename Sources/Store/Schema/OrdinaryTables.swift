/// What is not history: rows come and go, and no book depends on them.
enum OrdinaryTables {
  static let tables = """
    CREATE TABLE http_sessions (
      token_hash bytes32 PRIMARY KEY,
      farmer bigint NOT NULL,
      created_at bigint NOT NULL,
      expires_at bigint NOT NULL
    );
    CREATE INDEX http_sessions_farmer ON http_sessions (farmer);
    CREATE INDEX http_sessions_expiry ON http_sessions (expires_at);
    GRANT SELECT, INSERT, DELETE ON http_sessions TO \(Migration.applicationRole);

    """
}
