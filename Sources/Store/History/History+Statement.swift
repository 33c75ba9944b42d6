import Bytes
import KaleRules
package import Pool
import Postgres

/// The postings of one account. Key: `postings (account, position, line)`.
extension History {
  /// At most `limit` postings after the one with id `after`, oldest first, with running balances.
  package func statement(
    of account: BookAccount, after: Int64?, limit: Int
  ) async throws(StoreError) -> [StatementRecord] {
    let after = max(0, after ?? 0)
    let bounds: [PostgresValue] = [
      .text(account.text), .int(after / StatementRecord.linesMax),
      .int(after == 0 ? -1 : after % StatementRecord.linesMax),
    ]
    return try await read([
      PostgresStatement(
        """
        SELECT asset, sum(amount)::bigint FROM postings
        WHERE account = $1 AND (position, line) <= ($2, $3) GROUP BY asset
        """, bounds, isReused: true),
      PostgresStatement(Self.statementSQL, bounds + [.int(Int64(limit))], isReused: true),
    ]) { (rows) throws(PostgresError) in
      var balances: [BookAsset: Int64] = [:]
      for row in rows[0] { balances[try row.asset(0)] = try row.int(1) }
      var records: [StatementRecord] = []
      for row in rows[1] {
        var record = try StatementRecord(row)
        balances[record.asset, default: 0] += record.amount
        record.balance = balances[record.asset, default: 0]
        records.append(record)
      }
      return records
    }
  }

  /// A posting's counterpart is the other line of its pair: what gives stands before what gets.
  ///
  /// OFFSET 0 keeps each look-up one by its key: without statistics of a divided table the planner
  /// would rather read all of it.
  private static let statementSQL = """
    SELECT p.position, p.line, p.asset, p.amount,
      (SELECT q.account FROM postings q
        WHERE q.position = p.position AND q.line = p.line - sign(p.amount)::bigint),
      coalesce(d.recorded_at, f.recorded_at, pl.recorded_at, h.recorded_at, c.recorded_at,
        s.recorded_at, t.recorded_at, x.recorded_at, o.recorded_at),
      CASE WHEN d.position IS NOT NULL THEN 'deposits'
        WHEN f.position IS NOT NULL THEN 'wallet_fundings'
        WHEN pl.position IS NOT NULL THEN 'plantings'
        WHEN h.position IS NOT NULL THEN 'harvests'
        WHEN c.position IS NOT NULL THEN 'compensations'
        WHEN s.position IS NOT NULL THEN 'splits'
        WHEN t.position IS NOT NULL THEN 'transfers'
        WHEN x.position IS NOT NULL THEN 'departures'
        WHEN o.position IS NOT NULL THEN 'tx_outcomes' END,
      coalesce(pl.block, h.block, i.block),
      coalesce(d.sender, s.payout, t.payout, x.payout),
      i.kind,
      coalesce(f.transaction, pl.transaction, h.transaction, c.transaction, s.transaction,
        t.transaction, x.transaction, o.transaction)
    FROM (
      SELECT position, line, asset, amount FROM postings
      WHERE account = $1 AND (position, line) > ($2, $3)
      ORDER BY position, line LIMIT $4
    ) p
    LEFT JOIN LATERAL (SELECT * FROM deposits WHERE position = p.position OFFSET 0) d ON true
    LEFT JOIN LATERAL (SELECT * FROM wallet_fundings WHERE position = p.position OFFSET 0) f ON true
    LEFT JOIN LATERAL (SELECT * FROM plantings WHERE position = p.position OFFSET 0) pl ON true
    LEFT JOIN LATERAL (SELECT * FROM harvests WHERE position = p.position OFFSET 0) h ON true
    LEFT JOIN LATERAL (SELECT * FROM compensations WHERE position = p.position OFFSET 0) c ON true
    LEFT JOIN LATERAL (SELECT * FROM splits WHERE position = p.position OFFSET 0) s ON true
    LEFT JOIN LATERAL (SELECT * FROM transfers WHERE position = p.position OFFSET 0) t ON true
    LEFT JOIN LATERAL (SELECT * FROM departures WHERE position = p.position OFFSET 0) x ON true
    LEFT JOIN LATERAL (SELECT * FROM tx_outcomes WHERE position = p.position OFFSET 0) o ON true
    LEFT JOIN LATERAL (
      SELECT * FROM tx_intents WHERE transaction = o.transaction OFFSET 0
    ) i ON true
    ORDER BY p.position, p.line
    """
}

extension StatementRecord {
  /// All but the balance, which comes of the rows before.
  fileprivate init(_ row: PostgresRow) throws(PostgresError) {
    id = try row.int(0) * Self.linesMax + row.int(1)
    asset = try row.asset(2)
    amount = try row.int(3)
    balance = 0
    counterpart = try row.optionalText(4).flatMap { BookAccount(text: $0) }
    at = try row.seconds(5)
    event = try row.text(6)
    block = try row[7] == .null ? nil : BlockIndex(row.uint32(7))
    address = try row.optionalText(8)
    kind = try row.optionalText(9).flatMap { TransactionKind(rawValue: $0) }
    transaction = try row.optionalBytes32(10)
  }
}

extension PostgresRow {
  fileprivate func asset(_ column: Int) throws(PostgresError) -> BookAsset {
    guard let asset = BookAsset(rawValue: try text(column)) else {
      throw PostgresError(.unexpectedValue, "an asset nobody knows")
    }
    return asset
  }
}
