package import KaleRules
import Pool
import Postgres

/// Blocks as the operator sees them, newest first, from the projections. Keys: `(block, pooler)`.
extension History {
  /// Whole blocks below `before`, with about `limit` rows: a block's poolers stay together.
  package func reports(
    before: BlockIndex?, limit: Int
  ) async throws(StoreError) -> [BlockReport] {
    try await catchUp()
    var reports = try await summaries(before: before, limit: limit)
    guard let newest = reports.first?.block, let oldest = reports.last?.block else { return [] }
    let bounds: [PostgresValue] = [
      .int(Int64(oldest.rawValue)), .int(Int64(newest.rawValue)),
    ]
    let places = Dictionary(
      uniqueKeysWithValues: reports.enumerated().map {
        (PoolerBlock(block: $1.block, pooler: $1.pooler), $0)
      })
    try await read(Self.detailSQL.map { PostgresStatement($0, bounds, isReused: true) }) {
      (rows) throws(PostgresError) in
      for row in rows[0] {
        guard let place = places[try row.poolerBlock()] else { continue }
        reports[place].missed[try row.text(2)] = Int(try row.int(3))
      }
      for row in rows[1] {
        guard let place = places[try row.poolerBlock()] else { continue }
        reports[place].zeros[Int(try row.int(2))] = Int(try row.int(3))
      }
      for row in rows[2] {
        guard let place = places[try row.poolerBlock()] else { continue }
        reports[place].agents = Int(try row.int(2))
        reports[place].hashes = try row.numeric(3)
      }
    }
    return reports
  }

  private func summaries(
    before: BlockIndex?, limit: Int
  ) async throws(StoreError) -> [BlockReport] {
    try await read([
      Self.query(
        """
        SELECT s.block, s.pooler, wanted, planted, worked, harvested, lost, stake, reward,
          stake_lost, fees, nonces, s.gap_min, s.gap_max, gap_total, b.recorded_at, requested_at,
          plant_sent_at, first_planted_at, last_planted_at, first_nonce_at, work_sent_at,
          first_worked_at, last_worked_at, resolved_at
        FROM block_summaries s LEFT JOIN blocks b ON b.block = s.block
        WHERE s.block < $1 AND s.block >= coalesce((
          SELECT block FROM block_summaries WHERE block < $1
          ORDER BY block DESC, pooler DESC OFFSET $2 LIMIT 1), 0)
        ORDER BY s.block DESC, s.pooler
        """, .int(Self.below(before)), .int(Int64(max(1, limit) - 1)))
    ]) { (rows) throws(PostgresError) in
      var reports: [BlockReport] = []
      for row in rows[0] { reports.append(try BlockReport(row)) }
      return reports
    }
  }

  private static let detailSQL = [
    """
    SELECT block, pooler, reason, farmers FROM block_misses WHERE block BETWEEN $1 AND $2
    """,
    """
    SELECT block, pooler, zeros, farmers FROM block_zeros WHERE block BETWEEN $1 AND $2
    """,
    """
    SELECT block, pooler, count(*), sum(hashes) FROM block_agents
    WHERE block BETWEEN $1 AND $2 GROUP BY block, pooler
    """,
  ]
}

extension BlockReport {
  fileprivate init(_ row: PostgresRow) throws(PostgresError) {
    let key = try row.poolerBlock()
    self.init(block: key.block, pooler: key.pooler, wanted: Int(try row.int(2)))
    planted = Int(try row.int(3))
    worked = Int(try row.int(4))
    harvested = Int(try row.int(5))
    lost = Int(try row.int(6))
    stake = Stroops(try row.int(7))
    reward = Stroops(try row.int(8))
    stakeLost = Stroops(try row.int(9))
    fees = Stroops(try row.int(10))
    nonces = Int(try row.int(11))
    gapMin = try row.optionalInt(12)
    gapMax = try row.optionalInt(13)
    gapMean = worked > 0 ? Double(try row.int(14)) / Double(worked) : nil
    times = Times(
      detected: try row.milliseconds(15), requested: try row.milliseconds(16),
      plantSent: try row.milliseconds(17), firstPlanted: try row.milliseconds(18),
      lastPlanted: try row.milliseconds(19), firstNonce: try row.milliseconds(20),
      workSent: try row.milliseconds(21), firstWorked: try row.milliseconds(22),
      lastWorked: try row.milliseconds(23))
    resolvedAt = try row.optionalSeconds(24)
  }
}

extension PostgresRow {
  fileprivate func poolerBlock() throws(PostgresError) -> PoolerBlock {
    PoolerBlock(block: BlockIndex(try uint32(0)), pooler: try int(1))
  }

  fileprivate func milliseconds(_ column: Int) throws(PostgresError) -> Int64? {
    self[column] == .null ? nil : try timestamp(column) / 1_000
  }
}
