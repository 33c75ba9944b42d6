import Pool
import Postgres
import Store
import Testing

@Suite(.cluster, .serialized) struct SchemaTests {
  /// The tables' columns are the events' properties: names, types, and which may be absent.
  @Test func tablesMatchEvents() async throws {
    let settings = try await ClusterTrait.database()
    await (try EventStore.open(settings, log: quiet)).close()
    let connection = try await PostgresConnection.connect(settings.owner)
    for type in poolEventTypes {
      let rows = try await connection.query(
        """
        SELECT column_name::text, udt_name::text, is_nullable = 'YES'
        FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position
        """, [.text(type.table)])
      var columns = try rows.map { row in
        Column(name: try row.text(0), type: try row.text(1), isNullable: try row.bool(2))
      }
      #expect(
        columns.prefix(2) == [
          Column(name: "position", type: "int8", isNullable: false),
          Column(name: "recorded_at", type: "timestamptz", isNullable: false),
        ], "\(type.table) does not begin as event tables do")
      columns.removeFirst(min(2, columns.count))
      // In any order: what a later migration adds comes last.
      let expected = try Set(Column.all(of: type))
      let missing = expected.subtracting(columns)
      let unknown = Set(columns).subtracting(expected)
      #expect(missing.isEmpty, "the table \(type.table) lacks columns of \(type)")
      #expect(unknown.isEmpty, "\(type) lacks columns of the table \(type.table)")
    }
  }

  struct Column: Hashable {
    var name: String
    var type: String
    var isNullable: Bool

    static func all<E: PoolEvent>(of type: E.Type) throws -> [Column] {
      let sample = try SampleDecoder.sample(type, withOptionals: false)
      return try RowEncoder.fields(of: sample).map { field in
        let name: String =
          switch field.type {
          case .int8: "int8"
          case .numeric: "numeric"
          case .text: "text"
          case .bytea: "bytea"
          case .bool: "bool"
          case .timestamptz: "timestamptz"
          }
        return Column(name: field.column, type: name, isNullable: field.value == .null)
      }
    }
  }

  /// Whatever is not on the short list of ordinary tables only grows, parts of tables included.
  @Test func everyTableOnlyGrows() async throws {
    let settings = try await ClusterTrait.database()
    let store = try await EventStore.open(settings, log: quiet)
    // Every kind once, so that all parts are made.
    try await store.append(
      poolEventTypes.map { type in
        JournalEntry(
          event: try SampleDecoder.sample(type),
          postings: [Posting(.farm, .kale, 1), Posting(.fees, .kale, -1)])
      })
    await store.close()
    let owner = try await PostgresConnection.connect(settings.owner)
    let application = try await PostgresConnection.connect(settings.application)
    // And parts of years to come, made as they will be.
    for parent in Partition.tables.union(["postings"]) {
      try await application.query(
        "SELECT add_partition($1, 9000000000, 9000010000)", [.text(parent)])
    }
    let rows = try await owner.query(
      """
      SELECT c.relname::text, a.attname::text, c.relispartition
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      """)
    var tables: Set<String> = []
    for row in rows {
      let (table, column) = (try row.text(0), try row.text(1))
      guard !Self.ordinaryTables.contains(table) else { continue }
      tables.insert(table)
      for sql in [
        "UPDATE \(table) SET \(column) = \(column)", "DELETE FROM \(table)", "TRUNCATE \(table)",
      ] {
        await expect(.refused, owner, sql)
        await expect(.permissionDenied, application, sql)
      }
      for sql in [
        "DROP TABLE \(table)", "ALTER TABLE \(table) DISABLE TRIGGER ALL",
        "ALTER TABLE \(table) ADD COLUMN mine int", "ALTER TABLE \(table) RENAME TO mine",
        "ALTER TABLE \(table) OWNER TO kalepool_app", "DROP TRIGGER never_changed ON \(table)",
        "CREATE RULE mine AS ON INSERT TO \(table) DO INSTEAD NOTHING",
        "CREATE INDEX mine ON \(table) (\(column))",
      ] { await expect(.permissionDenied, application, sql) }
      if try row.bool(2) {
        await expect(.permissionDenied, application, "INSERT INTO \(table) DEFAULT VALUES")
      }
    }
    let known = poolEventTypes.map { $0.table }
    #expect(tables.isSuperset(of: known + ["postings", "sealed_seeds", "journal_links"]))
    #expect(tables.count >= known.count + 4 + 2 * 9, "the divided tables have no parts")
  }

  /// Rows of these come and go: no book depends on them.
  static let ordinaryTables: Set<String> = [
    "schema_versions", "http_sessions", "leases", "projections", "balances", "block_summaries",
    "block_misses", "block_zeros", "block_agents", "pool_totals",
  ]

  @Test func theApplicationOwnsNothingAndMakesNothing() async throws {
    let settings = try await ClusterTrait.database()
    await (try EventStore.open(settings, log: quiet)).close()
    let owner = try await PostgresConnection.connect(settings.owner)
    let owned = try await owner.query(
      """
      SELECT count(*) FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
      WHERE r.rolname = 'kalepool_app' AND d.deptype = 'o'
      """)
    #expect(try owned[0].int(0) == 0)
    let application = try await PostgresConnection.connect(settings.application)
    for sql in [
      "CREATE TABLE mine (a int)", "CREATE SCHEMA mine", "CREATE ROLE mine",
      "INSERT INTO schema_versions VALUES (99)", "UPDATE schema_versions SET version = 0",
      "SET session_replication_role = replica", "SET ROLE kalepool_owner",
      "CREATE OR REPLACE FUNCTION hold_lease(held bigint) RETURNS timestamptz LANGUAGE sql "
        + "AS 'SELECT now()'",
      "INSERT INTO leases VALUES ('other', 0, '', now())", "DELETE FROM leases",
    ] { await expect(.permissionDenied, application, sql) }
    // The one thing it may have made.
    await expect(.invalidStatement, application, "SELECT add_partition('leases', 0, 10)")
    await expect(.invalidStatement, application, "SELECT add_partition('no_table', 0, 10)")
  }

  private func expect(
    _ code: PostgresError.Code, _ connection: PostgresConnection, _ sql: String
  ) async {
    let error = await #expect(throws: PostgresError.self, "\(sql)") {
      try await connection.query(sql)
    }
    #expect(error?.code == code, "\(sql): \(String(describing: error))")
  }

  @Test func postingsMustSumToZero() async throws {
    let settings = try await ClusterTrait.database()
    await (try EventStore.open(settings, log: quiet)).close()
    let connection = try await PostgresConnection.connect(settings.application)
    try await connection.query("SELECT add_partition('postings', 0, 100)")
    let good = [
      "VALUES (1, 0, 'farm', 'kale', 5), (1, 1, 'outside', 'kale', -5)",
      "VALUES (2, 0, 'farm', 'xlm', 5), (2, 1, 'outside', 'xlm', -2), (2, 2, 'fees', 'xlm', -3)",
    ]
    for values in good { try await connection.query("INSERT INTO postings \(values)") }
    let bad = [
      "VALUES (3, 0, 'farm', 'kale', 5)",
      "VALUES (3, 0, 'farm', 'kale', 5), (3, 1, 'outside', 'kale', -4)",
      "VALUES (3, 0, 'farm', 'kale', 5), (3, 1, 'outside', 'xlm', -5)",
      "VALUES (3, 0, 'farm', 'kale', 5), (4, 0, 'outside', 'kale', -5)",
      "VALUES (1, 2, 'farm', 'kale', 5)",
    ]
    for values in bad {
      await expect(.refused, connection, "INSERT INTO postings \(values)")
    }
    #expect(try await connection.query("SELECT count(*) FROM postings")[0].int(0) == 5)
  }

  @Test func aSecondStartChangesNothing() async throws {
    let settings = try await ClusterTrait.database(isEmpty: true)
    for _ in 0..<2 { await (try EventStore.open(settings, log: quiet)).close() }
    let connection = try await PostgresConnection.connect(settings.owner)
    let rows = try await connection.query("SELECT count(*), max(version) FROM schema_versions")
    #expect(try rows[0].int(0) == rows[0].int(1))
  }

  @Test func tablesOfANewerProgramAreLeftAlone() async throws {
    let settings = try await ClusterTrait.database()
    await (try EventStore.open(settings, log: quiet)).close()
    let connection = try await PostgresConnection.connect(settings.owner)
    try await connection.query("INSERT INTO schema_versions (version) VALUES (1000)")
    let error = await #expect(throws: StoreError.self) {
      _ = try await EventStore.open(settings, log: quiet)
    }
    #expect(error?.code == .schema)
    #expect(error?.message.contains("update it") == true)
  }

  @Test func anyServerWillDo() async throws {
    let settings = try await ClusterTrait.database(isEmpty: true)
    let host = try #require(settings.owner.host)
    let name = try #require(settings.owner.database)
    let named = StoreSettings(
      database: "host=\(host) port=5432 user=postgres dbname=\(name)")
    let store = try await EventStore.open(named, log: quiet)
    try await store.append([JournalEntry(event: Notice(level: "info", text: "hello"))])
    await store.close()
    let role = try await PostgresConnection.connect(named.application)
    #expect(try await role.query("SELECT current_user::text")[0].text(0) == "kalepool_app")
  }

  @Test func aServerThatIsNotThereIsNamed() async {
    let error = await #expect(throws: StoreError.self) {
      _ = try await EventStore.open(
        StoreSettings(database: "host=/tmp/kalepool-nobody"), log: quiet)
    }
    #expect(error?.code == .unreachable)
  }
}
