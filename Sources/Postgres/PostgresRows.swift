/// The result of one statement: its rows, and how many rows it touched.
package struct PostgresRows: Sendable, RandomAccessCollection {
  package let columns: [String]
  /// Rows inserted, changed, deleted or read.
  package let affected: Int
  private let values: [PostgresValue]
  package let count: Int

  init(columns: [String], count: Int, values: [PostgresValue], affected: Int) {
    precondition(values.count == columns.count * count)
    self.columns = columns
    self.count = count
    self.values = values
    self.affected = affected
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(row: Int) -> PostgresRow {
    precondition(row >= 0 && row < count)
    return PostgresRow(values: values[row * columns.count..<(row + 1) * columns.count])
  }
}

/// One row; fields by position.
package struct PostgresRow: Sendable {
  private let values: ArraySlice<PostgresValue>

  init(values: ArraySlice<PostgresValue>) { self.values = values }

  package var count: Int { values.count }

  package subscript(column: Int) -> PostgresValue { values[values.startIndex + column] }

  package func bool(_ column: Int) throws(PostgresError) -> Bool {
    guard case .bool(let value) = self[column] else { throw mismatch(column, "a boolean") }
    return value
  }

  package func int(_ column: Int) throws(PostgresError) -> Int64 {
    guard case .int(let value) = self[column] else { throw mismatch(column, "an integer") }
    return value
  }

  package func numeric(_ column: Int) throws(PostgresError) -> Int128 {
    guard case .numeric(let value) = self[column] else { throw mismatch(column, "a numeric") }
    return value
  }

  package func text(_ column: Int) throws(PostgresError) -> String {
    guard case .text(let value) = self[column] else { throw mismatch(column, "a text") }
    return value
  }

  package func bytes(_ column: Int) throws(PostgresError) -> [UInt8] {
    guard case .bytes(let value) = self[column] else { throw mismatch(column, "bytes") }
    return value
  }

  /// Microseconds since 1970-01-01 00:00 UTC.
  package func timestamp(_ column: Int) throws(PostgresError) -> Int64 {
    guard case .timestamp(let value) = self[column] else { throw mismatch(column, "a time") }
    return value
  }

  private func mismatch(_ column: Int, _ wanted: String) -> PostgresError {
    PostgresError(.unexpectedValue, "column \(column + 1) of the result is not \(wanted)")
  }
}
