/// The chain over the events, and whose turn it is to write.
enum JournalTables {
  /// Made with the events' tables, and like them never changed.
  static let chain = """
    CREATE TABLE journal_links (
      link bigint PRIMARY KEY CHECK (link > 0), epoch bigint NOT NULL,
      first bigint NOT NULL CHECK (first > 0), last bigint NOT NULL CHECK (last >= first),
      recorded_at timestamptz NOT NULL, head bytes32 NOT NULL, UNIQUE (first), UNIQUE (last)
    );
    CREATE INDEX ON journal_links (recorded_at);

    CREATE TABLE journal_checkpoints (
      link bigint PRIMARY KEY, head bytes32 NOT NULL, key bytes32 NOT NULL,
      signature bytea NOT NULL CHECK (octet_length(signature) = 64)
    );

    """

  /// One row for each lease. There is one: the whole pool's.
  static let leases = """
    CREATE TABLE leases (
      name text PRIMARY KEY, epoch bigint NOT NULL, holder text NOT NULL,
      renewed_at timestamptz NOT NULL
    );
    INSERT INTO leases VALUES ('pool', 0, '', '-infinity');
    GRANT SELECT, UPDATE ON leases TO \(Migration.applicationRole);

    -- The fence: first in every transaction that writes events. The row stays locked until the
    -- transaction ends, so that whoever takes over waits for it, and afterwards it finds no row.
    CREATE FUNCTION hold_lease(held bigint) RETURNS timestamptz LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE leases SET renewed_at = clock_timestamp() WHERE name = 'pool' AND epoch = held;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'another coordinator has taken over' USING ERRCODE = '\(leaseLost)';
      END IF;
      RETURN clock_timestamp();
    END $$;

    """

  /// SQLSTATE of a fence that holds.
  static let leaseLost = "KP001"
}
