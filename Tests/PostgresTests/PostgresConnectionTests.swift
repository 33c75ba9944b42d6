import Postgres
import Testing

@Suite(.cluster, .serialized) struct PostgresConnectionTests {
  static let values: [(PostgresValue, String)] = [
    (.bool(true), "bool"), (.bool(false), "bool"),
    (.int(.min), "int8"), (.int(.max), "int8"), (.int(0), "int8"), (.int(-1), "int2"),
    (.int(2_147_483_647), "int4"), (.int(4_294_967_295), "oid"),
    (.numeric(0), "numeric"), (.numeric(1), "numeric"), (.numeric(-10_000), "numeric"),
    (.numeric(Int128(UInt64.max)), "numeric"), (.numeric(100_000_000), "numeric"),
    (.numeric(.max), "numeric"), (.numeric(.min), "numeric"),
    (.text(""), "text"), (.text("Grünkohl 🥬 '; DROP TABLE x"), "text"),
    (.text("x"), "varchar"), (.bytes([]), "bytea"), (.bytes([0, 1, 255, 0]), "bytea"),
    (.timestamp(0), "timestamptz"), (.timestamp(1_795_000_000_123_456), "timestamptz"),
    (.null, "int8"), (.null, "text"),
  ]

  @Test(arguments: values) func valuesComeBack(_ value: PostgresValue, type: String) async throws {
    let connection = try await ClusterTrait.connect()
    let rows = try await connection.query("SELECT $1::\(type)", [value])
    #expect(rows.count == 1 && rows[0].count == 1)
    #expect(rows[0][0] == value)
  }

  @Test(arguments: values) func valuesMeanTheSameInText(
    _ value: PostgresValue, type: String
  ) async throws {
    let text: String
    switch value {
    case .int(let int): text = String(int)
    case .numeric(let number): text = String(number)
    case .text(let string): text = string
    case .bool(let bool): text = bool ? "true" : "false"
    default: return
    }
    let connection = try await ClusterTrait.connect()
    let rows = try await connection.query("SELECT $1::\(type)::text", [value])
    #expect(try rows[0].text(0) == text)
    let back = try await connection.query("SELECT $1::text::\(type)", [.text(text)])
    #expect(back[0][0] == value)
  }

  @Test func timesCountFrom1970() async throws {
    let connection = try await ClusterTrait.connect()
    let rows = try await connection.query("SELECT timestamptz '1970-01-02 00:00:00.000001+00'")
    #expect(try rows[0].timestamp(0) == 86_400_000_001)
  }

  @Test func arraysUnnest() async throws {
    let connection = try await ClusterTrait.connect()
    let rows = try await connection.query(
      "SELECT * FROM unnest($1, $2, $3, $4, $5) AS t(a, b, c, d, e)",
      [
        .array(.int8, [.int(1), .null, .int(-3)]),
        .array(.text, [.text(""), .text("b"), .null]),
        .array(.bytea, [.bytes([]), .null, .bytes([9])]),
        .array(.bool, [.bool(true), .bool(false), .null]),
        .array(.numeric, [.numeric(1), .numeric(Int128(UInt64.max)), .null]),
      ])
    #expect(rows.map { $0[0] } == [.int(1), .null, .int(-3)])
    #expect(rows.map { $0[1] } == [.text(""), .text("b"), .null])
    #expect(rows.map { $0[2] } == [.bytes([]), .null, .bytes([9])])
    #expect(rows.map { $0[3] } == [.bool(true), .bool(false), .null])
    #expect(rows.map { $0[4] } == [.numeric(1), .numeric(Int128(UInt64.max)), .null])
    let none = try await connection.query("SELECT unnest($1)", [.array(.int8, [])])
    #expect(none.isEmpty)
  }

  @Test(arguments: [
    "SELECT 1.5::numeric", "SELECT 'NaN'::numeric", "SELECT 'Infinity'::numeric",
    "SELECT 1e39::numeric", "SELECT point(1, 2)",
  ])
  func whatCannotBeReadIsAnError(_ sql: String) async throws {
    let connection = try await ClusterTrait.connect()
    let error = await #expect(throws: PostgresError.self) { try await connection.query(sql) }
    #expect(error?.code == .unexpectedValue)
    #expect(try await connection.query("SELECT 1")[0].int(0) == 1)
  }

  @Test func wrongTypesAreErrors() async throws {
    let connection = try await ClusterTrait.connect()
    let rows = try await connection.query("SELECT 1::int8 AS a, NULL::text AS b")
    #expect(rows.columns == ["a", "b"])
    #expect(throws: PostgresError.self) { try rows[0].text(0) }
    #expect(throws: PostgresError.self) { try rows[0].text(1) }
  }

  @Test func aBatchIsAllOrNothing() async throws {
    let connection = try await ClusterTrait.connect()
    try await connection.query("CREATE TABLE batch (id int8 PRIMARY KEY)")
    let insert = "INSERT INTO batch VALUES ($1)"
    let results = try await connection.run([
      .init(insert, [.int(1)]), .init("SELECT count(*) FROM batch"),
    ])
    #expect(results.count == 2 && results[0].affected == 1)
    #expect(try results[1][0].int(0) == 1)
    let error = await #expect(throws: PostgresError.self) {
      try await connection.run([
        .init(insert, [.int(2)]), .init(insert, [.int(1)], isReused: true),
        .init("SELECT nonsense"),
      ])
    }
    #expect(error?.code == .uniqueViolation)
    #expect(error?.constraint == "batch_pkey")
    // The statement whose preparation was in the failed batch works all the same.
    try await connection.run([.init(insert, [.int(3)], isReused: true)])
    let rows = try await connection.query("SELECT id FROM batch ORDER BY id")
    #expect(rows.map { $0[0] } == [.int(1), .int(3)])
  }

  @Test func anAbortedPreparationIsRepeated() async throws {
    let connection = try await ClusterTrait.connect()
    let later = PostgresStatement("SELECT $1 + 1", [.int(1)], isReused: true)
    await #expect(throws: PostgresError.self) {
      try await connection.run([.init("SELECT nonsense"), later])
    }
    for _ in 0..<3 { #expect(try await connection.run([later])[0][0].int(0) == 2) }
  }

  @Test func deferredConstraintsSpeakAtTheSync() async throws {
    let connection = try await ClusterTrait.connect()
    try await connection.runScript(
      """
      CREATE TABLE parent (id int8 PRIMARY KEY);
      CREATE TABLE child (id int8 REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
      """)
    let error = await #expect(throws: PostgresError.self) {
      try await connection.run([.init("INSERT INTO child VALUES (7)"), .init("SELECT 1")])
    }
    #expect(error?.code == .constraintViolation)
    #expect(try await connection.query("SELECT count(*) FROM child")[0].int(0) == 0)
  }

  @Test func errorsNeverQuoteValues() async throws {
    let connection = try await ClusterTrait.connect()
    try await connection.query("CREATE TABLE secret (v text UNIQUE CHECK (v <> 'hush-2'))")
    let insert = "INSERT INTO secret VALUES ($1)"
    try await connection.query(insert, [.text("hush-1")])
    for (sql, value) in [
      (insert, "hush-1"), (insert, "hush-2"), ("SELECT $1::text::int", "hush-3"),
    ] {
      let error = await #expect(throws: PostgresError.self) {
        try await connection.query(sql, [.text(value)])
      }
      #expect(error.map { "\($0)".contains("hush") } == false)
    }
  }

  @Test func callersGetTheirOwnAnswers() async throws {
    let connection = try await ClusterTrait.connect()
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<200 {
        group.addTask {
          let rows = try await connection.query(
            "SELECT $1 * 2", [.int(Int64(index))], isReused: true)
          return try rows[0].int(0) == Int64(2 * index)
        }
      }
      for try await isOwn in group { #expect(isOwn) }
    }
  }

  /// More than the socket buffers hold in both directions at once: neither end may block.
  @Test func largePipelinesDoNotLock() async throws {
    let connection = try await ClusterTrait.connect()
    let text = String(repeating: "k", count: 4_000)
    let results = try await connection.run(
      (0..<2_000).map { _ in .init("SELECT $1::text", [.text(text)]) })
    #expect(results.count == 2_000)
    #expect(try results.allSatisfy { try $0[0].text(0) == text })
  }

  @Test func anEndedSessionIsALostConnection() async throws {
    let connection = try await ClusterTrait.connect()
    let killer = try await ClusterTrait.connect()
    let id = try await connection.query("SELECT pg_backend_pid()")[0].int(0)
    try await killer.query("SELECT pg_terminate_backend($1::int4)", [.int(id)])
    for _ in 0..<2 {
      let error = await #expect(throws: PostgresError.self) {
        try await connection.query("SELECT 1")
      }
      #expect(error?.code == .connectionLost)
    }
  }

  @Test func aSessionEndedFromWithinIsALostConnection() async throws {
    let connection = try await ClusterTrait.connect()
    let error = await #expect(throws: PostgresError.self) {
      try await connection.run([
        .init("SELECT pg_terminate_backend(pg_backend_pid())"), .init("SELECT 1"),
      ])
    }
    #expect(error?.code == .connectionLost)
  }

  @Test func slowStatementsAreCancelled() async throws {
    var settings = try #require(ClusterTrait.current).ownerSettings
    settings.statementMillisecondsMax = 20
    let connection = try await PostgresConnection.connect(settings)
    let error = await #expect(throws: PostgresError.self) {
      try await connection.query("SELECT pg_sleep(60)")
    }
    #expect(error?.code == .cancelled)
    #expect(try await connection.query("SELECT 1")[0].int(0) == 1)
  }

  @Test func closedMeansLost() async throws {
    let connection = try await ClusterTrait.connect()
    await connection.close()
    await connection.close()
    let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
    #expect(error?.code == .connectionLost)
  }

  @Test func nobodyThere() async {
    let settings = PostgresSettings(
      host: "/tmp/kalepool-nobody", port: 5432, user: "x", database: "x")
    let error = await #expect(throws: PostgresError.self) {
      _ = try await PostgresConnection.connect(settings)
    }
    #expect(error?.code == .unreachable)
    #expect(error?.message.contains("\n") == false)
  }

  @Test func rolesAreOrdinary() async throws {
    let cluster = try #require(ClusterTrait.current)
    for (settings, role) in [
      (cluster.ownerSettings, "kalepool_owner"), (cluster.applicationSettings, "kalepool_app"),
    ] {
      let connection = try await PostgresConnection.connect(settings)
      let rows = try await connection.query(
        "SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user")
      #expect(try rows[0].text(0) == role)
      #expect(try !rows[0].bool(1) && !rows[0].bool(2))
    }
  }
}
