package import Pool
import Postgres

/// What accounts hold, now or at any time since the journal began.
extension History {
  /// Every account's balances after the event at `position`; nil: at the journal's end.
  package func balances(through position: Int64? = nil) async throws(StoreError) -> [BookBalance] {
    let statement: PostgresStatement
    if let position {
      statement = Self.query(
        """
        SELECT account, asset, sum(amount) FROM postings WHERE position <= $1
        GROUP BY 1, 2 ORDER BY 1, 2
        """, .int(position))
    } else {
      try await catchUp()
      statement = Self.query("SELECT account, asset, amount FROM balances ORDER BY 1, 2")
    }
    return try await read([statement]) { (rows) throws(PostgresError) in
      var balances: [BookBalance] = []
      for row in rows[0] { balances.append(try BookBalance(row)) }
      return balances
    }
  }

  /// One account's balances after the event at `position`. Key: `postings (account, position, line)`.
  package func balances(
    of account: BookAccount, through position: Int64
  ) async throws(StoreError) -> [BookBalance] {
    try await read([
      Self.query(
        """
        SELECT account, asset, sum(amount) FROM postings WHERE account = $1 AND position <= $2
        GROUP BY 1, 2 ORDER BY 1, 2
        """, .text(account.text), .int(position))
    ]) { (rows) throws(PostgresError) in
      var balances: [BookBalance] = []
      for row in rows[0] { balances.append(try BookBalance(row)) }
      return balances
    }
  }

  /// The last event that had been recorded at an instant (microseconds since 1970-01-01 UTC by the
  /// database's clock); 0: none had.
  package func position(at instant: Int64) async throws(StoreError) -> Int64 {
    try await read([
      Self.query(
        "SELECT last FROM journal_links WHERE recorded_at <= $1 ORDER BY recorded_at DESC LIMIT 1",
        .timestamp(instant))
    ]) { (rows) throws(PostgresError) in try rows[0].first?.int(0) ?? 0 }
  }
}

extension BookBalance {
  fileprivate init(_ row: PostgresRow) throws(PostgresError) {
    guard let account = BookAccount(text: try row.text(0)),
      let asset = BookAsset(rawValue: try row.text(1))
    else { throw PostgresError(.unexpectedValue, "an account or asset nobody knows") }
    self.init(account: account, asset: asset, amount: try row.numeric(2))
  }
}
