import Runtime

/// One connection to PostgreSQL, on a thread of its own: calls queue up and run one at a time.
///
/// Nothing is retried and nothing reconnects: after ``PostgresError/Code/connectionLost`` every
/// call fails so, and the owner decides what to look at before it opens a new connection.
package actor PostgresConnection {
  private nonisolated let executor: ThreadExecutor
  private var handle: PostgresHandle?

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  private init() { executor = ThreadExecutor(name: "postgres") }

  deinit { executor.stop() }

  /// Connects, or says in one line why not.
  package static func connect(
    _ settings: PostgresSettings
  ) async throws(PostgresError) -> PostgresConnection {
    let connection = PostgresConnection()
    try await connection.open(settings)
    return connection
  }

  /// Runs one statement in a transaction of its own.
  @discardableResult package func query(
    _ sql: String, _ parameters: [PostgresValue] = [], isReused: Bool = false
  ) throws(PostgresError) -> PostgresRows {
    let statement = PostgresStatement(sql, parameters, isReused: isReused)
    return try open().pipeline([statement])[0]
  }

  /// Runs the statements in one round trip as one transaction: all of them or none.
  ///
  /// After `connectionLost` it is unknown which of the two.
  @discardableResult package func run(
    _ statements: [PostgresStatement]
  ) throws(PostgresError) -> [PostgresRows] {
    try open().pipeline(statements)
  }

  /// Runs a script of statements without parameters or results, as one transaction.
  package func runScript(_ sql: String) throws(PostgresError) { try open().script(sql) }

  /// Ends the connection; a second call does nothing.
  package func close() { handle = nil }

  private func open(_ settings: PostgresSettings) throws(PostgresError) {
    handle = try PostgresHandle(connecting: settings)
  }

  private func open() throws(PostgresError) -> PostgresHandle {
    guard let handle else {
      throw PostgresError(.connectionLost, "the connection has been closed")
    }
    return handle
  }
}
