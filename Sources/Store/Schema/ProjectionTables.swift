/// Sums over the events, for questions that are asked often. They hold nothing that the events do not
/// say: they can be emptied and made again (``Projector``).
enum ProjectionTables {
  /// Whose content follows from the events, each with its key.
  static let names = [
    "balances", "block_summaries", "block_misses", "block_zeros", "block_agents", "pool_totals",
  ]

  static let tables = """
    -- The last event that is in all of them.
    CREATE TABLE projections (position bigint NOT NULL);
    INSERT INTO projections VALUES (0);

    CREATE TABLE balances (
      account text, asset text, amount numeric NOT NULL, PRIMARY KEY (account, asset)
    );

    -- One row for each block and pooler. Times are those at which events were recorded.
    CREATE TABLE block_summaries (
      block bigint, pooler bigint,
      wanted bigint NOT NULL DEFAULT 0, planted bigint NOT NULL DEFAULT 0,
      missed bigint NOT NULL DEFAULT 0, worked bigint NOT NULL DEFAULT 0,
      harvested bigint NOT NULL DEFAULT 0, lost bigint NOT NULL DEFAULT 0,
      nonces bigint NOT NULL DEFAULT 0, stake bigint NOT NULL DEFAULT 0,
      reward bigint NOT NULL DEFAULT 0, stake_lost bigint NOT NULL DEFAULT 0,
      fees bigint NOT NULL DEFAULT 0, gap_total bigint NOT NULL DEFAULT 0,
      gap_min bigint, gap_max bigint,
      requested_at timestamptz, plant_sent_at timestamptz,
      first_planted_at timestamptz, last_planted_at timestamptz, first_nonce_at timestamptz,
      work_sent_at timestamptz, first_worked_at timestamptz, last_worked_at timestamptz,
      resolved_at timestamptz, PRIMARY KEY (block, pooler)
    );
    CREATE TABLE block_misses (
      block bigint, pooler bigint, reason text, farmers bigint NOT NULL,
      PRIMARY KEY (block, pooler, reason)
    );
    CREATE TABLE block_zeros (
      block bigint, pooler bigint, zeros bigint, farmers bigint NOT NULL,
      PRIMARY KEY (block, pooler, zeros)
    );
    CREATE TABLE block_agents (
      block bigint, pooler bigint, agent bytes32, assignments bigint NOT NULL DEFAULT 0,
      hashes numeric NOT NULL DEFAULT 0, PRIMARY KEY (block, pooler, agent)
    );
    CREATE TABLE pool_totals (
      planted bigint NOT NULL DEFAULT 0, missed bigint NOT NULL DEFAULT 0,
      works bigint NOT NULL DEFAULT 0, harvests bigint NOT NULL DEFAULT 0,
      rewards bigint NOT NULL DEFAULT 0, stake_losses bigint NOT NULL DEFAULT 0,
      stake_lost bigint NOT NULL DEFAULT 0, departures bigint NOT NULL DEFAULT 0,
      plant_requests bigint NOT NULL DEFAULT 0, succeeded bigint NOT NULL DEFAULT 0,
      failed bigint NOT NULL DEFAULT 0, never_included bigint NOT NULL DEFAULT 0,
      fees bigint NOT NULL DEFAULT 0
    );
    INSERT INTO pool_totals DEFAULT VALUES;

    GRANT SELECT, INSERT, UPDATE, DELETE ON projections, \(names.joined(separator: ", "))
      TO \(Migration.applicationRole);

    """
}
