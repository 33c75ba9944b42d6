import Postgres

/// One part of a large table: a week of farm blocks, or a run of the journal.
///
/// It is made before the first row that belongs there, and what is old can be moved off or detached
/// as a whole.
package struct Partition: Hashable {
  let table: String
  /// The first block or position in it.
  let low: Int64
  let width: Int64

  /// Tables divided by block: what has rows for every farmer and block.
  package static let tables: Set<String> = [
    "plantings", "assignments", "assignment_deliveries", "nonces", "work_finishes", "works",
    "stake_losses", "harvests",
  ]
  /// A week of 5-minute blocks: 7 × 288.
  static let blocks: Int64 = 2_016
  /// Postings know no block: they are divided by position, into some weeks of 500 farmers each.
  static let positions: Int64 = 1 << 22

  init(ofBlock block: Int64, in table: String) {
    self.table = table
    width = Self.blocks
    low = block / width * width
  }

  init(ofPosition position: Int64) {
    table = "postings"
    width = Self.positions
    low = position / width * width
  }

  /// Makes it, unless it is there.
  var addition: PostgresStatement {
    PostgresStatement(
      "SELECT add_partition($1, $2, $3)", [.text(table), .int(low), .int(low + width)],
      isReused: true)
  }

  /// The one after it, so that its making never stands between a block and its plants.
  var next: Partition { Partition(table: table, low: low + width, width: width) }

  private init(table: String, low: Int64, width: Int64) {
    self.table = table
    self.low = low
    self.width = width
  }
}
