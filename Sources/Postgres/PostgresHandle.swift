import CPQ
import Glibc

/// One libpq connection: blocking calls, for one thread at a time.
final class PostgresHandle {
  private let connection: OpaquePointer
  /// Names of the statements this connection holds prepared, by text and parameter types.
  private var prepared: [Prepared: String] = [:]
  private var namesUsed = 0
  /// Set once a pipeline broke off midway: what the server would answer next is unknown.
  private var isBroken = false

  private struct Prepared: Hashable {
    var sql: String
    var types: [UInt32]
  }

  /// A connection holds at most this many prepared statements; further texts are sent as they are.
  static let preparedMax = 500

  init(connecting settings: PostgresSettings) throws(PostgresError) {
    let pairs = settings.keywords
    let keywords = pairs.map { strdup($0.0) } + [nil]
    let values = pairs.map { strdup($0.1) } + [nil]
    defer { for string in keywords + values { free(string) } }
    guard
      let connection = PQconnectdbParams(
        keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
    else { throw PostgresError(.outOfResources, "no memory for a connection") }
    guard PQstatus(connection) == CONNECTION_OK else {
      let message = Self.line(PQerrorMessage(connection))
      PQfinish(connection)
      throw PostgresError(.unreachable, message)
    }
    self.connection = connection
    // Notices (such as "relation exists, skipping") are nobody's business.
    PQsetNoticeProcessor(connection, { _, _ in }, nil)
    // Over a divided table the planner's estimates are high, and compiling a query that then reads a
    // hundred rows took 0.8 s.
    try script(
      "SET statement_timeout = \(settings.statementMillisecondsMax); SET TIME ZONE 'UTC'; SET jit = off;"
        + (settings.role.map { "SET ROLE \(Self.quoted($0))" } ?? ""))
  }

  deinit { PQfinish(connection) }

  private var isLost: Bool { isBroken || PQstatus(connection) != CONNECTION_OK }

  /// Runs several statements without parameters by the simple protocol, as one transaction.
  func script(_ sql: String) throws(PostgresError) {
    try checkAlive()
    let result = PQexec(connection, sql)
    defer { PQclear(result) }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
    default: throw error(of: result)
    }
  }

  /// Runs the statements in one pipeline under one sync: one implicit transaction.
  func pipeline(_ statements: [PostgresStatement]) throws(PostgresError) -> [PostgresRows] {
    guard !statements.isEmpty else { return [] }
    try checkAlive()
    let result: Result<[PostgresRows], PostgresError>
    do throws(PostgresError) {
      result = try exchange(statements)
    } catch {
      isBroken = true
      throw error
    }
    return try result.get()
  }

  /// One pipeline there and back; throws only where the connection is of no more use.
  private func exchange(_ statements: [PostgresStatement]) throws(PostgresError)
    -> Result<[PostgresRows], PostgresError>
  {
    // Not blocking while sending, or client and server could both wait for the other to read.
    guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
      throw lost()
    }
    var sent: [Sent] = []
    sent.reserveCapacity(statements.count)
    for statement in statements { try send(statement, &sent) }
    guard PQpipelineSync(connection) == 1 else { throw lost() }
    try flush()
    let results = try collect(sent)
    guard PQexitPipelineMode(connection) == 1, PQsetnonblocking(connection, 0) == 0 else {
      throw lost()
    }
    return results
  }

  // MARK: Sending

  private enum Sent {
    case prepare(Prepared, name: String)
    case statement
  }

  private func send(_ statement: PostgresStatement, _ sent: inout [Sent]) throws(PostgresError) {
    let types = statement.parameters.map { $0.oid }
    let key = Prepared(sql: statement.sql, types: types)
    var name = statement.isReused ? prepared[key] : nil
    if statement.isReused, name == nil, prepared.count < Self.preparedMax {
      namesUsed += 1
      let new = "s\(namesUsed)"
      guard PQsendPrepare(connection, new, statement.sql, CInt(types.count), types) == 1 else {
        throw lost()
      }
      sent.append(.prepare(key, name: new))
      prepared[key] = new
      name = new
    }
    var buffer: [UInt8] = []
    var ranges: [Range<Int>?] = []
    for parameter in statement.parameters {
      let start = buffer.count
      let isPresent = BinaryFormat.encode(parameter, into: &buffer)
      ranges.append(isPresent ? start..<buffer.count : nil)
    }
    // A zero byte at the end gives an empty parameter an address, which a null must not have.
    buffer.append(0)
    let lengths = ranges.map { CInt($0?.count ?? 0) }
    let formats = [CInt](repeating: 1, count: ranges.count)
    let status = buffer.withUnsafeBytes { bytes in
      let base = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
      let values = ranges.map { range in range.map { base + $0.lowerBound } }
      return if let name {
        PQsendQueryPrepared(
          connection, name, CInt(ranges.count), values, lengths, formats, 1)
      } else {
        PQsendQueryParams(
          connection, statement.sql, CInt(ranges.count), types, values, lengths, formats, 1)
      }
    }
    guard status == 1 else { throw lost() }
    sent.append(.statement)
  }

  /// Writes out what libpq has buffered, reading meanwhile what the server answers.
  private func flush() throws(PostgresError) {
    while true {
      let status = PQflush(connection)
      if status == 0 { return }
      guard status == 1 else { throw lost() }
      var poll = pollfd(fd: PQsocket(connection), events: Int16(POLLIN | POLLOUT), revents: 0)
      while Glibc.poll(&poll, 1, -1) < 0 && errno == EINTR {}
      if poll.revents & Int16(POLLIN) != 0, PQconsumeInput(connection) != 1 { throw lost() }
    }
  }

  // MARK: Receiving

  /// Reads up to the sync. Throws when the connection is gone, returns the first other error.
  private func collect(_ sent: [Sent]) throws(PostgresError)
    -> Result<[PostgresRows], PostgresError>
  {
    var rows: [PostgresRows] = []
    var failure: PostgresError?
    for item in sent {
      while let result = PQgetResult(connection) {
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
          guard case .statement = item, failure == nil else { continue }
          do throws(PostgresError) {
            rows.append(try Self.rows(of: result))
          } catch { failure = error }
        case PGRES_PIPELINE_ABORTED:
          forget(item)
        default:
          forget(item)
          let error = error(of: result)
          if isLost { throw error }
          if failure == nil { failure = error }
        }
      }
      if isLost { throw lost() }
    }
    // What fails at commit (deferred constraints) is reported between the last result and the sync.
    while true {
      guard let result = PQgetResult(connection) else {
        if isLost { throw lost() }
        continue
      }
      defer { PQclear(result) }
      if PQresultStatus(result) == PGRES_PIPELINE_SYNC { break }
      let error = error(of: result)
      if isLost { throw error }
      if failure == nil { failure = error }
    }
    return failure.map { .failure($0) } ?? .success(rows)
  }

  /// A statement whose preparation failed is prepared anew next time, under a new name.
  private func forget(_ item: Sent) {
    guard case .prepare(let key, _) = item else { return }
    prepared[key] = nil
  }

  private static func rows(of result: OpaquePointer) throws(PostgresError) -> PostgresRows {
    let (count, width) = (Int(PQntuples(result)), Int(PQnfields(result)))
    let columns = (0..<width).map { String(cString: PQfname(result, CInt($0))) }
    let types = (0..<width).map { PQftype(result, CInt($0)) }
    var values: [PostgresValue] = []
    values.reserveCapacity(count * width)
    for row in 0..<CInt(count) {
      for column in 0..<width {
        if PQgetisnull(result, row, CInt(column)) == 1 {
          values.append(.null)
          continue
        }
        let bytes = UnsafeBufferPointer(
          start: UnsafeRawPointer(PQgetvalue(result, row, CInt(column))!)
            .assumingMemoryBound(to: UInt8.self),
          count: Int(PQgetlength(result, row, CInt(column))))
        guard let value = BinaryFormat.decode(bytes, oid: types[column]) else {
          throw PostgresError(
            .unexpectedValue, "column \(columns[column]) cannot be read (type \(types[column]))")
        }
        values.append(value)
      }
    }
    return PostgresRows(
      columns: columns, count: count, values: values,
      affected: Int(String(cString: PQcmdTuples(result))) ?? 0)
  }

  // MARK: Errors

  private func checkAlive() throws(PostgresError) {
    if isLost { throw lost() }
  }

  private func lost() -> PostgresError {
    let message = Self.line(PQerrorMessage(connection))
    return PostgresError(
      .connectionLost, message.isEmpty ? "the connection to the server is lost" : message)
  }

  private func error(of result: OpaquePointer?) -> PostgresError {
    func field(_ letter: Character) -> String? {
      PQresultErrorField(result, CInt(letter.asciiValue!)).map { String(cString: $0) }
    }
    // The letters are those of PG_DIAG_SQLSTATE, _MESSAGE_PRIMARY and _CONSTRAINT_NAME.
    guard let state = field("C") else { return lost() }
    var error = PostgresError(
      sqlState: state, primary: field("M") ?? "the server gave no reason", constraint: field("n"))
    if isLost { error.code = .connectionLost }
    return error
  }

  /// libpq's message on one line.
  private static func line(_ message: UnsafeMutablePointer<CChar>?) -> String {
    guard let message else { return "" }
    return String(cString: message).split(whereSeparator: \.isNewline)
      .map { $0.drop { $0 == " " || $0 == "\t" } }.joined(separator: " ")
  }

  static func quoted(_ identifier: String) -> String {
    "\""
      + identifier.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
