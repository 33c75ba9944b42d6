/// The tables of what has happened: inserted once, never changed.
enum EventTables {
  /// Types, and what every event's table begins with.
  static let rules = """
    CREATE DOMAIN bytes32 AS bytea CHECK (octet_length(VALUE) = 32);
    CREATE DOMAIN stroops AS bigint CHECK (VALUE >= 0);
    CREATE DOMAIN basis_points AS bigint CHECK (VALUE BETWEEN 0 AND 10000);

    CREATE TABLE event (
      position bigint PRIMARY KEY CHECK (position > 0), recorded_at timestamptz NOT NULL
    );
    -- The same, without a key: a partitioned table's key must hold the column it is divided by.
    CREATE TABLE block_event (
      position bigint NOT NULL CHECK (position > 0), recorded_at timestamptz NOT NULL,
      block bigint NOT NULL
    );

    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME;
    END $$;

    """

  /// Postings, sealed seeds, and what keeps all of these tables as they are.
  static let protection = """
    CREATE TABLE postings (
      position bigint NOT NULL, line bigint NOT NULL CHECK (line >= 0),
      account text NOT NULL, asset text NOT NULL, amount bigint NOT NULL CHECK (amount <> 0),
      PRIMARY KEY (position, line)
    ) PARTITION BY RANGE (position);
    CREATE INDEX ON postings (account, position, line);

    -- Every statement adds lines that sum to zero for each event and asset; so then do all lines.
    -- (A deferred trigger for each row would sum the same lines once for each of them.)
    CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM added GROUP BY position, asset HAVING sum(amount) <> 0
      ) THEN
        RAISE EXCEPTION 'postings of an event do not sum to zero';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER balanced AFTER INSERT ON postings
      REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced();

    CREATE TABLE sealed_seeds (
      wallet bytes32 NOT NULL, key_version bigint NOT NULL CHECK (key_version > 0),
      owner bigint NOT NULL, purpose text NOT NULL,
      sealed_key bytea NOT NULL, sealed_seed bytea NOT NULL,
      recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (wallet, key_version)
    );

    DROP TABLE event, block_event;

    DO $$
    DECLARE name text;
    BEGIN
      FOR name IN
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema AND c.relkind IN ('r', 'p')
          AND c.relname <> 'schema_versions'
      LOOP
        EXECUTE format(
          'CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
          'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO \(Migration.applicationRole)', name);
      END LOOP;
    END $$;

    """
}
