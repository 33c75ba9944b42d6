import Pool
import Postgres

/// The statements that write a run of entries: one for each table, and one for the postings.
struct AppendBatch {
  private var tables: [Table] = []
  private var indexes: [String: Int] = [:]
  private var positions: [PostgresValue] = []
  private var lines: [PostgresValue] = []
  private var accounts: [PostgresValue] = []
  private var assets: [PostgresValue] = []
  private var amounts: [PostgresValue] = []

  private struct Table {
    var name: String
    var columns: [String]
    var types: [PostgresType]
    var values: [[PostgresValue]]
  }

  /// Adds an entry under its position in the journal.
  mutating func add(_ entry: JournalEntry, at position: Int64) throws(StoreError) {
    guard entry.isBalanced else {
      throw StoreError(
        .unbalanced, "postings of \(type(of: entry.event)) do not sum to zero: nothing is recorded")
    }
    let fields: [RowField]
    do {
      fields = try RowEncoder.fields(of: entry.event)
    } catch {
      throw StoreError(.failed, "\(type(of: entry.event)) cannot be written: \(error)")
    }
    let index = tableIndex(for: type(of: entry.event).table, fields)
    precondition(tables[index].types == [.int8] + fields.map(\.type))
    tables[index].values[0].append(.int(position))
    for (column, field) in fields.enumerated() {
      tables[index].values[column + 1].append(field.value)
    }
    for (line, posting) in entry.postings.enumerated() {
      positions.append(.int(position))
      lines.append(.int(Int64(line)))
      accounts.append(.text(posting.account.text))
      assets.append(.text(posting.asset.rawValue))
      amounts.append(.int(posting.amount))
    }
  }

  var statements: [PostgresStatement] {
    var statements = tables.map { table in
      Self.insert(
        table.name, table.columns, zip(table.types, table.values).map { .array($0, $1) })
    }
    if !positions.isEmpty {
      statements.append(
        Self.insert(
          "postings", ["position", "line", "account", "asset", "amount"],
          [
            .array(.int8, positions), .array(.int8, lines), .array(.text, accounts),
            .array(.text, assets), .array(.int8, amounts),
          ]))
    }
    return statements
  }

  private mutating func tableIndex(for name: String, _ fields: [RowField]) -> Int {
    if let index = indexes[name] { return index }
    indexes[name] = tables.count
    tables.append(
      Table(
        name: name, columns: ["position"] + fields.map(\.column),
        types: [.int8] + fields.map(\.type), values: Array(repeating: [], count: fields.count + 1)))
    return tables.count - 1
  }

  /// One statement for any number of rows: arrays cost one round trip and one plan.
  private static func insert(
    _ table: String, _ columns: [String], _ arrays: [PostgresValue]
  ) -> PostgresStatement {
    let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    let parameters = (1...columns.count).map { "$\($0)" }.joined(separator: ", ")
    return PostgresStatement(
      "INSERT INTO \"\(table)\" (\(names)) SELECT * FROM unnest(\(parameters))", arrays,
      isReused: true)
  }
}
