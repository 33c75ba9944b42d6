import Pool
import Postgres

/// The statements that write a run of entries: one for each table, and one for the postings; and
/// the bytes that the chain covers.
struct AppendBatch {
  private(set) var bytes = JournalBytes()
  /// Where the rows go; the tables must have been made.
  private(set) var partitions: Set<Partition> = []
  private let recordedAt: Int64
  private let isChained: Bool
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
    var layout: JournalBytes.Layout
    /// The column that says in which partition a row belongs; nil: the table has none.
    var blockColumn: Int?
  }

  /// - Parameter isChained: false: without the chain's bytes, to see what they cost.
  init(recordedAt: Int64, isChained: Bool = true) {
    self.recordedAt = recordedAt
    self.isChained = isChained
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
    precondition(tables[index].types.count == fields.count + 2)
    tables[index].values[0].append(.int(position))
    tables[index].values[1].append(.timestamp(recordedAt))
    for (column, field) in fields.enumerated() {
      precondition(tables[index].types[column + 2] == field.type)
      tables[index].values[column + 2].append(field.value)
    }
    if isChained {
      bytes.addEvent(position, recordedAt, tables[index].layout) { fields[$0].value }
    }
    if let column = tables[index].blockColumn, case .int(let block) = fields[column].value {
      partitions.insert(Partition(ofBlock: block, in: tables[index].name))
    }
    if !entry.postings.isEmpty { partitions.insert(Partition(ofPosition: position)) }
    for (line, posting) in entry.postings.enumerated() {
      if isChained {
        bytes.addPosting(
          position, Int64(line), posting.account.text, posting.asset.rawValue, posting.amount)
      }
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
        name: name, columns: ["position", "recorded_at"] + fields.map(\.column),
        types: [.int8, .timestamptz] + fields.map(\.type),
        values: Array(repeating: [], count: fields.count + 2),
        layout: JournalBytes.Layout(
          table: name, columns: fields.enumerated().map { ($1.column, $0) }),
        blockColumn: Partition.tables.contains(name)
          ? fields.firstIndex { $0.name == "block" } : nil))
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
