import Postgres

/// The bytes that a link's head covers: every column of every event, and every posting.
///
/// Made twice and compared: from what is about to be written, and from the rows as they stand. A
/// null is left out, so that a column which a later version adds changes nothing that is older.
///
///     event:    position i64, recorded_at i64 (µs), table, columns u8, then by name: column, value
///     posting:  position i64, line i64, account, asset, amount i64
///     value:    a tag u8; int8 and timestamptz 8 bytes, numeric 16, bool 1, text and bytea
///               a length u32 and that many bytes
///     names:    a length u8 and that many bytes; all integers big-endian
struct JournalBytes {
  /// Events in the order of their positions, then postings in the order of theirs.
  private(set) var events: [UInt8] = []
  private(set) var postings: [UInt8] = []

  /// A table's columns besides position and time, in the order of their names.
  struct Layout {
    fileprivate let table: [UInt8]
    /// The column's name with its length before it, and where its value stands in a row.
    fileprivate let columns: [(name: [UInt8], index: Int)]

    init(table: String, columns: [(name: String, index: Int)]) {
      self.table = JournalBytes.short(table)
      self.columns = columns.sorted { $0.name < $1.name }
        .map { (JournalBytes.short($0.name), $0.index) }
    }
  }

  mutating func addEvent(
    _ position: Int64, _ recordedAt: Int64, _ layout: Layout, _ value: (Int) -> PostgresValue
  ) {
    Self.append(position, to: &events)
    Self.append(recordedAt, to: &events)
    events += layout.table
    let countAt = events.count
    events.append(0)
    for (name, index) in layout.columns {
      let value = value(index)
      if value == .null { continue }
      events[countAt] += 1
      events += name
      Self.append(value, to: &events)
    }
  }

  mutating func addPosting(
    _ position: Int64, _ line: Int64, _ account: String, _ asset: String, _ amount: Int64
  ) {
    Self.append(position, to: &postings)
    Self.append(line, to: &postings)
    postings += Self.short(account)
    postings += Self.short(asset)
    Self.append(amount, to: &postings)
  }

  private static func append(_ value: PostgresValue, to out: inout [UInt8]) {
    switch value {
    case .null: preconditionFailure("a null has no bytes")
    case .bool(let bool): out += [1, bool ? 1 : 0]
    case .int(let int):
      out.append(2)
      append(int, to: &out)
    case .numeric(let number):
      out.append(3)
      append(number, to: &out)
    case .text(let text):
      out.append(4)
      append(UInt32(text.utf8.count), to: &out)
      out += text.utf8
    case .bytes(let bytes):
      out.append(5)
      append(UInt32(bytes.count), to: &out)
      out += bytes
    case .timestamp(let microseconds):
      out.append(6)
      append(microseconds, to: &out)
    case .array: preconditionFailure("no column holds an array")
    }
  }

  static func append(_ value: some FixedWidthInteger, to out: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { out.append(contentsOf: $0) }
  }

  /// At most 255 bytes, which names and accounts of ours are; a longer text, which only somebody
  /// else can have written, is cut and so does not fit its head.
  private static func short(_ text: String) -> [UInt8] {
    let bytes = text.utf8.prefix(255)
    return [UInt8(bytes.count)] + bytes
  }
}
