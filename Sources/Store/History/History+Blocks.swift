import Bytes
package import KaleRules
package import Pool
import Postgres

/// A farmer's blocks and rewards, newest first. Keys: `(farmer, block)` of each table.
extension History {
  /// At most `limit` blocks below `before`.
  package func blocks(
    farmer: FarmerID, before: BlockIndex?, limit: Int
  ) async throws(StoreError) -> [BlockRecord] {
    try await read([
      Self.query(
        """
        SELECT p.block, p.planted, p.stake, p.reason, p.recorded_at, w.zeros, w.gap, h.reward,
          h.recorded_at, l.payer, l.reason,
          (SELECT coalesce(sum(o.fee), 0)::bigint
            FROM tx_intents i JOIN tx_outcomes o ON o.transaction = i.transaction
            WHERE i.block = p.block AND i.farmer = p.farmer)
        FROM plantings p
        LEFT JOIN works w ON w.farmer = p.farmer AND w.block = p.block
        LEFT JOIN harvests h ON h.farmer = p.farmer AND h.block = p.block
        LEFT JOIN stake_losses l ON l.farmer = p.farmer AND l.block = p.block
        WHERE p.farmer = $1 AND p.block < $2 ORDER BY p.block DESC LIMIT $3
        """, .int(farmer), .int(Self.below(before)), .int(Int64(limit)))
    ]) { (rows) throws(PostgresError) in
      var records: [BlockRecord] = []
      for row in rows[0] { records.append(try BlockRecord(row)) }
      return records
    }
  }

  /// At most `limit` harvests below `before`, and what was ever harvested or made good as reward.
  package func rewards(
    farmer: FarmerID, before: BlockIndex?, limit: Int
  ) async throws(StoreError) -> (total: Stroops, rows: [RewardRecord]) {
    try await read([
      Self.query(
        """
        SELECT ((SELECT coalesce(sum(reward), 0) FROM harvests WHERE farmer = $1)
          + (SELECT coalesce(sum(reward), 0) FROM compensations WHERE farmer = $1))::bigint
        """, .int(farmer)),
      Self.query(
        """
        SELECT h.block, h.reward, h.stake, coalesce(w.zeros, 0), coalesce(w.gap, 0),
          coalesce(o.fee, 0), h.recorded_at, h.transaction
        FROM harvests h
        LEFT JOIN works w ON w.farmer = h.farmer AND w.block = h.block
        LEFT JOIN tx_outcomes o ON o.transaction = h.transaction
        WHERE h.farmer = $1 AND h.block < $2 ORDER BY h.block DESC LIMIT $3
        """, .int(farmer), .int(Self.below(before)), .int(Int64(limit))),
    ]) { (rows) throws(PostgresError) in
      var records: [RewardRecord] = []
      for row in rows[1] { records.append(try RewardRecord(row)) }
      return (Stroops(try rows[0][0].int(0)), records)
    }
  }

  /// Stakes the farmer has lost: all of them, and those the pooler pays for.
  package func losses(
    farmer: FarmerID
  ) async throws(StoreError) -> (all: Stroops, byPooler: Stroops) {
    try await read([
      Self.query(
        """
        SELECT coalesce(sum(stake), 0)::bigint,
          coalesce(sum(stake) FILTER (WHERE payer = 'pooler'), 0)::bigint
        FROM stake_losses WHERE farmer = $1
        """, .int(farmer))
    ]) { (rows) throws(PostgresError) in
      (Stroops(try rows[0][0].int(0)), Stroops(try rows[0][0].int(1)))
    }
  }

  /// Unix seconds at which leaving was asked for; nil where that is not durable yet.
  package func requestTime(ofExit exit: ExitID) async throws(StoreError) -> Int64? {
    try await read([
      Self.query("SELECT recorded_at FROM exits WHERE exit = $1", .int(exit))
    ]) { (rows) throws(PostgresError) in
      try rows[0].first?.seconds(0)
    }
  }

  /// The bound of a page that begins below `block`, or at the newest.
  static func below(_ block: BlockIndex?) -> Int64 { block.map { Int64($0.rawValue) } ?? .max }
}

extension BlockRecord {
  fileprivate init(_ row: PostgresRow) throws(PostgresError) {
    block = BlockIndex(try row.uint32(0))
    planted = try row.bool(1)
    stake = Stroops(try row.int(2))
    missed = try row.optionalText(3)
    resolvedAt = try row.seconds(4)
    zeros = try row.optionalInt(5).map { Int($0) }
    gap = try row.optionalInt(6)
    reward = try row.optionalInt(7).map { Stroops($0) }
    harvestedAt = try row.optionalSeconds(8)
    payer = try row.optionalText(9).flatMap { Payer(rawValue: $0) }
    lossReason = try row.optionalText(10)
    fees = Stroops(try row.int(11))
  }
}

extension RewardRecord {
  fileprivate init(_ row: PostgresRow) throws(PostgresError) {
    block = BlockIndex(try row.uint32(0))
    reward = Stroops(try row.int(1))
    stake = Stroops(try row.int(2))
    zeros = Int(try row.int(3))
    gap = try row.int(4)
    fee = Stroops(try row.int(5))
    harvestedAt = try row.seconds(6)
    transaction = try row.optionalBytes32(7)
  }
}
