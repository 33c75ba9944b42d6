/// How large tables get their partitions: by the owner's hand, when the application asks.
enum PartitionTables {
  /// Runs as the owner and does nothing but this. The new table is filled with what protects its
  /// parent and attached, which lets everybody else go on reading and writing.
  static let function = """
    CREATE FUNCTION add_partition(parent text, low bigint, high bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE name text := parent || '_' || low;
    BEGIN
      PERFORM pg_advisory_xact_lock(\(Migrator.lockKey));
      IF to_regclass(quote_ident(name)) IS NOT NULL THEN RETURN; END IF;
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name, parent);
      EXECUTE format(
        'CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
        'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
      EXECUTE format(
        'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
        parent, name, low, high);
    END $$;
    REVOKE EXECUTE ON FUNCTION add_partition FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION add_partition TO \(Migration.applicationRole);

    """
}
