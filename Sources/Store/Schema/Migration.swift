/// A step of the schema. Once released a step is never changed: a new one follows.
struct Migration: Sendable {
  let version: Int64
  let sql: String

  /// In order, from version 1 on without gaps.
  static let all = [
    Migration(
      version: 1,
      sql: EventTables.rules + EventTables.tables + JournalTables.chain + EventTables.protection
        + PartitionTables.function),
    Migration(
      version: 2,
      sql: OrdinaryTables.tables + JournalTables.leases + ProjectionTables.tables),
  ]

  /// The role that only inserts and reads.
  static let applicationRole = "kalepool_app"
}
