import Bytes
import Pool
import Postgres
import Store
import Testing

/// A superuser who changes what was recorded, with every trigger and constraint out of the way.
struct Tampering {
  let connection: PostgresConnection
  /// Where there is something to change.
  let tables: [String]
  var random: SplitMix

  enum Edit: CaseIterable {
    case update, delete, insert, swap, truncate, move
  }

  /// Makes one random edit; what it did, nil where nothing has changed.
  mutating func edit(_ edit: Edit) async throws -> String? {
    let table = try #require(tables.randomElement(using: &random))
    switch edit {
    case .update:
      let columns = try await connection.query(
        """
        SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute
        WHERE attrelid = $1::text::regclass AND attnum > 0 ORDER BY attnum
        """, [.text(table)])
      let column = try #require(columns.randomElement(using: &random))
      let (name, type) = (try column.text(0), try column.text(1))
      let row = try await row(of: table)
      return try await changed(
        "UPDATE \(table) SET \(name) = \(Self.other(name, type)) WHERE ctid = '\(row)'",
        "\(table).\(name) at \(row)")
    case .delete:
      let row = try await row(of: table)
      return try await changed("DELETE FROM \(table) WHERE ctid = '\(row)'", "\(table) at \(row)")
    case .insert:
      // A row like another, at a position of its own or of another's.
      let at = Bool.random(using: &random) ? "position + 1" : "position + 1000000"
      let columns = try await connection.query(
        """
        SELECT string_agg(attname, ', ') FROM pg_attribute
        WHERE attrelid = $1::text::regclass AND attnum > 0 AND attname <> 'position'
        """, [.text(table)])
      let names = try columns[0].text(0)
      let row = try await row(of: table)
      let position = table.hasPrefix("journal_") ? nil : at
      guard let position else { return nil }
      return try await changed(
        "INSERT INTO \(table) (position, \(names)) SELECT \(position), \(names) FROM \(table) "
          + "WHERE ctid = '\(row)'", "\(table) after \(row)")
    case .swap:
      // Two events of a kind change places.
      guard !table.hasPrefix("journal_"), table != "postings_0" else { return nil }
      let rows = try await connection.query(
        "SELECT position FROM \(table) ORDER BY random() LIMIT 2")
      guard rows.count == 2 else { return nil }
      let (a, b) = (try rows[0].int(0), try rows[1].int(0))
      // By way of a third: a key holds at every row.
      for (from, to) in [(a, Int64(1) << 40), (b, a)] {
        try await connection.query("UPDATE \(table) SET position = \(to) WHERE position = \(from)")
      }
      return try await changed(
        "UPDATE \(table) SET position = \(b) WHERE position = \(Int64(1) << 40)",
        "\(table) \(a) and \(b)")
    case .move:
      // An event goes to another position, with its postings.
      guard !table.hasPrefix("journal_"), table != "postings_0" else { return nil }
      let row = try await row(of: table)
      return try await changed(
        "UPDATE \(table) SET position = position + 1 WHERE ctid = '\(row)'",
        "\(table) \(row) moved")
    case .truncate:
      // The newest links and all that belongs to them, as if they had never been.
      let links = try await connection.query("SELECT max(link) FROM journal_links")[0].int(0)
      let from = Int64.random(in: max(1, links - 5)...links, using: &random)
      let first = try await connection.query(
        "SELECT first FROM journal_links WHERE link = \(from)")[0].int(0)
      for table in poolEventTypes.map({ $0.table }) + ["postings"] {
        try await connection.query("DELETE FROM \(table) WHERE position >= \(first)")
      }
      try await connection.query("DELETE FROM journal_checkpoints WHERE link >= \(from)")
      return try await changed("DELETE FROM journal_links WHERE link >= \(from)", "tail \(from)")
    }
  }

  private func changed(_ sql: String, _ what: String) async throws -> String? {
    try await connection.query(sql).affected > 0 ? what : nil
  }

  private mutating func row(of table: String) async throws -> String {
    let count = try await connection.query("SELECT count(*) FROM \(table)")[0].int(0)
    let at = Int64.random(in: 0..<count, using: &random)
    return try await connection.query("SELECT ctid::text FROM \(table) OFFSET \(at) LIMIT 1")[0]
      .text(0)
  }

  /// Tables of events, postings and the chain that hold rows; of a divided one its parts.
  static func filledTables(_ connection: PostgresConnection) async throws -> [String] {
    let names = poolEventTypes.map { $0.table } + ["postings", "journal_links"]
    let parts = try await connection.query(
      """
      SELECT c.relname::text FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
      WHERE c.relkind = 'r' AND (c.relname = ANY($1) OR i.inhparent::regclass::text = ANY($1))
      ORDER BY 1
      """, [.array(.text, names.map { .text($0) })])
    var filled: [String] = []
    for part in parts {
      let name = try part.text(0)
      if try await connection.query("SELECT FROM \(name) LIMIT 1").count > 0 { filled.append(name) }
    }
    return filled
  }

  /// An expression whose value is another than the column's, whatever that is.
  private static func other(_ name: String, _ type: String) -> String {
    switch type {
    case "bigint", "stroops", "basis_points", "numeric": "coalesce(\(name), -1) + 1"
    case "text": "coalesce(\(name), '') || 'x'"
    case "boolean": "NOT coalesce(\(name), false)"
    case "bytea", "bytes32":
      """
      CASE WHEN \(name) IS NULL OR length(\(name)) = 0 THEN '\\x00'::bytea
      ELSE set_bit(\(name), 0, 1 - get_bit(\(name), 0)) END
      """
    case "timestamp with time zone": "\(name) + interval '1 microsecond'"
    default: preconditionFailure("a column of \(type)")
    }
  }
}
