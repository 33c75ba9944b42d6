package import KaleRules
package import Pool
import Postgres

/// Figures for the operator's metrics and for ranking poolers.
extension History {
  /// `counts` and what has been recorded since, up to `position`: rows never change, so that each
  /// is counted once. New counts begin with what the projections know.
  package func counts(
    adding counts: PoolCounts, through position: Int64
  ) async throws(StoreError) -> PoolCounts {
    var counts = counts
    if counts.position == 0 {
      counts = try await projectedCounts() ?? counts
      if counts.position > position { counts = PoolCounts() }
    }
    guard position > counts.position else { return counts }
    let bounds: [PostgresValue] = [.int(counts.position), .int(position)]
    return try await read(
      Self.countSQL.map { table, columns in
        PostgresStatement(
          "SELECT \(columns) FROM \(table) WHERE position > $1 AND position <= $2", bounds,
          isReused: true)
      }
    ) { [counts] (rows) throws(PostgresError) in
      var sum = counts
      sum.position = position
      sum.planted += Int(try rows[0][0].int(0))
      sum.missed += Int(try rows[0][0].int(1))
      sum.works += Int(try rows[1][0].int(0))
      sum.harvests += Int(try rows[2][0].int(0))
      sum.rewards += Stroops(try rows[2][0].int(1))
      sum.stakeLosses += Int(try rows[3][0].int(0))
      sum.stakeLost += Stroops(try rows[3][0].int(1))
      sum.departures += Int(try rows[4][0].int(0))
      sum.plantRequests += Int(try rows[5][0].int(0))
      sum.transactionsSucceeded += Int(try rows[6][0].int(0))
      sum.transactionsFailed += Int(try rows[6][0].int(1))
      sum.transactionsNeverIncluded += Int(try rows[6][0].int(2))
      sum.fees += Stroops(try rows[6][0].int(3))
      return sum
    }
  }

  private func projectedCounts() async throws(StoreError) -> PoolCounts? {
    try await read([
      Self.query(
        """
        SELECT position, planted, missed, works, harvests, rewards, stake_losses, stake_lost,
          departures, plant_requests, succeeded, failed, never_included, fees
        FROM pool_totals, projections
        """)
    ]) { (rows) throws(PostgresError) in
      guard let row = rows[0].first else { return nil }
      var counts = PoolCounts()
      counts.position = try row.int(0)
      counts.planted = Int(try row.int(1))
      counts.missed = Int(try row.int(2))
      counts.works = Int(try row.int(3))
      counts.harvests = Int(try row.int(4))
      counts.rewards = Stroops(try row.int(5))
      counts.stakeLosses = Int(try row.int(6))
      counts.stakeLost = Stroops(try row.int(7))
      counts.departures = Int(try row.int(8))
      counts.plantRequests = Int(try row.int(9))
      counts.transactionsSucceeded = Int(try row.int(10))
      counts.transactionsFailed = Int(try row.int(11))
      counts.transactionsNeverIncluded = Int(try row.int(12))
      counts.fees = Stroops(try row.int(13))
      return counts
    }
  }

  private static let countSQL = [
    ("plantings", "count(*) FILTER (WHERE planted), count(*) FILTER (WHERE NOT planted)"),
    ("works", "count(*)"),
    ("harvests", "count(*), coalesce(sum(reward), 0)::bigint"),
    ("stake_losses", "count(*), coalesce(sum(stake), 0)::bigint"),
    ("departures", "count(*)"),
    ("plant_requests", "count(*)"),
    (
      "tx_outcomes",
      """
      count(*) FILTER (WHERE result = 'succeeded'), count(*) FILTER (WHERE result = 'failed'),
      count(*) FILTER (WHERE result = 'neverIncluded'), coalesce(sum(fee), 0)::bigint
      """
    ),
  ]

  /// How reliably a pooler has worked of late.
  package struct Reliability: Sendable, Hashable {
    /// Plantings worked in time, 0…1, of the blocks looked at; nil: none was planted.
    package var workSuccess: Double?
    /// Part of the time looked at, or since its first agent came, with an agent connected, 0…1.
    package var uptime: Double?
  }

  /// Every pooler's reliability: work over the blocks from `block` on, sessions since `time` (Unix
  /// seconds, by the database's clock). Poolers of whom nothing is known are left out.
  package func reliability(
    blocksFrom block: BlockIndex, since time: Int64
  ) async throws(StoreError) -> [PoolerID: Reliability] {
    try await read([
      Self.query(
        """
        SELECT pooler, sum(planted)::bigint, sum(worked)::bigint FROM block_analytics
        WHERE block >= $1 GROUP BY pooler
        """, .int(Int64(block.rawValue))),
      Self.query(Self.uptimeSQL, .timestamp(time * 1_000_000)),
    ]) { (rows) throws(PostgresError) in
      var known: [PoolerID: Reliability] = [:]
      for row in rows[0] where try row.int(1) > 0 {
        known[try row.int(0), default: Reliability()].workSuccess =
          Double(try row.int(2)) / Double(try row.int(1))
      }
      for row in rows[1] {
        let (seconds, of) = (try row.int(1), try row.int(2))
        guard of > 0 else { continue }
        known[try row.int(0), default: Reliability()].uptime =
          min(1, Double(seconds) / Double(of))
      }
      return known
    }
  }

  /// Sessions of a coordinator that ended without a word ended at the latest when the next one
  /// began; so none that began before the last start ahead of the time looked at still counts.
  private static let uptimeSQL = """
    WITH machines AS (
      SELECT agent, pooler FROM agents
      UNION ALL SELECT next, pooler FROM agent_key_replacements
    ), bound AS (
      SELECT coalesce(max(position), 0) AS position FROM coordinator_starts
      WHERE recorded_at <= $1
    ), spans AS (
      SELECT a.pooler, s.recorded_at AS began, greatest(s.recorded_at, $1) AS from_time,
        least(
          coalesce((SELECT min(e.recorded_at) FROM agent_session_ends e
            WHERE e.agent = s.agent AND e.session = s.session), 'infinity'),
          coalesce((SELECT min(c.recorded_at) FROM coordinator_starts c
            WHERE c.position > s.position), 'infinity'),
          now()) AS to_time
      FROM agent_sessions s JOIN machines a ON a.agent = s.agent
      WHERE s.position > (SELECT position FROM bound)
    ), united AS (
      SELECT pooler, min(from_time) AS first,
        range_agg(tstzrange(from_time, to_time)) AS times
      FROM spans WHERE to_time > from_time GROUP BY pooler
    )
    SELECT pooler,
      (SELECT sum(extract(epoch FROM upper(span) - lower(span))) FROM unnest(times) span)::bigint,
      extract(epoch FROM now() - CASE WHEN EXISTS (
          SELECT FROM machines a WHERE a.pooler = united.pooler AND (
            SELECT min(s.position) FROM agent_sessions s
            WHERE s.agent = a.agent AND s.recorded_at < $1) IS NOT NULL
        ) THEN $1 ELSE first END)::bigint
    FROM united
    """
}
