package import KaleRules
import Pool
import Postgres

/// Blocks as the operator sees them, newest first. Keys: `plant_requests (block, pooler)`, and
/// `(block)` of what belongs to them.
extension History {
  /// Whole blocks below `before`, with about `limit` rows: a block's poolers stay together.
  package func reports(
    before: BlockIndex?, limit: Int
  ) async throws(StoreError) -> [BlockReport] {
    var reports = try await requests(before: before, limit: limit)
    guard let newest = reports.first?.block, let oldest = reports.last?.block else { return [] }
    let bounds: [PostgresValue] = [
      .int(Int64(oldest.rawValue)), .int(Int64(newest.rawValue)),
    ]
    let places = Dictionary(
      uniqueKeysWithValues: reports.enumerated().map {
        (PoolerBlock(block: $1.block, pooler: $1.pooler), $0)
      })
    try await read(Self.reportSQL.map { PostgresStatement($0, bounds, isReused: true) }) {
      (rows) throws(PostgresError) in
      for row in rows[0] {
        guard let place = places[try row.poolerBlock()] else { continue }
        try reports[place].take(row)
      }
      for row in rows[1] {
        guard let place = places[try row.poolerBlock()] else { continue }
        reports[place].missed[try row.text(2)] = Int(try row.int(3))
      }
      for row in rows[2] {
        guard let place = places[try row.poolerBlock()] else { continue }
        reports[place].fees = Stroops(try row.int(2))
      }
    }
    return reports
  }

  private func requests(
    before: BlockIndex?, limit: Int
  ) async throws(StoreError) -> [BlockReport] {
    try await read([
      Self.query(
        """
        SELECT r.block, r.pooler, r.farmers, a.recorded_at FROM plant_requests r
        LEFT JOIN block_analytics a ON a.block = r.block AND a.pooler = r.pooler
        WHERE r.block < $1 AND r.block >= coalesce((
          SELECT block FROM plant_requests WHERE block < $1
          ORDER BY block DESC, pooler OFFSET $2 LIMIT 1), 0)
        ORDER BY r.block DESC, r.pooler
        """, .int(Self.below(before)), .int(Int64(max(1, limit) - 1)))
    ]) { (rows) throws(PostgresError) in
      var reports: [BlockReport] = []
      for row in rows[0] {
        let key = try row.poolerBlock()
        var report = BlockReport(block: key.block, pooler: key.pooler, wanted: Int(try row.int(2)))
        report.resolvedAt = try row.optionalSeconds(3)
        reports.append(report)
      }
      return reports
    }
  }

  private static let reportSQL = [
    """
    SELECT p.block, p.pooler, count(*) FILTER (WHERE p.planted), count(w.position),
      count(h.position), coalesce(sum(p.stake), 0)::bigint, coalesce(sum(h.reward), 0)::bigint,
      coalesce(sum(l.stake), 0)::bigint, max(w.zeros),
      (2 * percentile_cont(0.5) WITHIN GROUP (ORDER BY w.zeros))::bigint
    FROM plantings p
    LEFT JOIN works w ON w.farmer = p.farmer AND w.block = p.block
    LEFT JOIN harvests h ON h.farmer = p.farmer AND h.block = p.block
    LEFT JOIN stake_losses l ON l.farmer = p.farmer AND l.block = p.block
    WHERE p.block BETWEEN $1 AND $2 GROUP BY p.block, p.pooler
    """,
    """
    SELECT block, pooler, coalesce(reason, ''), count(*) FROM plantings
    WHERE block BETWEEN $1 AND $2 AND NOT planted GROUP BY block, pooler, reason
    """,
    """
    SELECT p.block, p.pooler, sum(o.fee)::bigint
    FROM plantings p
    JOIN tx_intents i ON i.block = p.block AND i.farmer = p.farmer
    JOIN tx_outcomes o ON o.transaction = i.transaction
    WHERE p.block BETWEEN $1 AND $2 GROUP BY p.block, p.pooler
    """,
  ]
}

extension BlockReport {
  fileprivate mutating func take(_ row: PostgresRow) throws(PostgresError) {
    planted = Int(try row.int(2))
    worked = Int(try row.int(3))
    harvested = Int(try row.int(4))
    stake = Stroops(try row.int(5))
    reward = Stroops(try row.int(6))
    stakeLost = Stroops(try row.int(7))
    zerosMax = try row.optionalInt(8).map { Int($0) }
    zerosMedian = try row.optionalInt(9).map { Double($0) / 2 }
  }
}

extension PostgresRow {
  fileprivate func poolerBlock() throws(PostgresError) -> PoolerBlock {
    PoolerBlock(block: BlockIndex(try uint32(0)), pooler: try int(1))
  }
}
