import Postgres

/// A connection for what may be repeated: it connects when first used, and anew when it was lost.
actor ReadingConnection {
  private let settings: PostgresSettings
  private var connection: PostgresConnection?
  private var isClosed = false

  init(_ settings: PostgresSettings) { self.settings = settings }

  /// Runs the statements as one transaction, twice at most: they must be repeatable.
  @discardableResult func run(
    _ statements: [PostgresStatement]
  ) async throws(PostgresError) -> [PostgresRows] {
    let first = try await open()
    do throws(PostgresError) {
      return try await first.run(statements)
    } catch {
      guard error.code == .connectionLost else { throw error }
      // Another caller may have opened a new one meanwhile.
      if connection === first { connection = nil }
      return try await open().run(statements)
    }
  }

  func close() async {
    isClosed = true
    await connection?.close()
    connection = nil
  }

  private func open() async throws(PostgresError) -> PostgresConnection {
    if isClosed { throw PostgresError(.connectionLost, "the store has been closed") }
    if let connection { return connection }
    let new = try await PostgresConnection.connect(settings)
    if isClosed { await new.close() }
    connection = connection ?? new
    return connection ?? new
  }
}
