/// The statements that take the events after the last projected one, up to `$1`, into the sums.
///
/// Everything they keep is a sum, a least or a greatest, so that any division of the events into runs
/// gives the same. What joins two events counts in the run in which the later of them is: so each
/// pair counts once.
enum ProjectionSQL {
  private static let last = "(SELECT position FROM projections)"

  private static func isNew(_ table: String) -> String {
    "\(table).position > \(last) AND \(table).position <= $1"
  }

  private static func isOld(_ table: String) -> String { "\(table).position <= \(last)" }

  /// How a column takes a new value in.
  private enum Merge {
    case add, least, greatest, replace

    func callAsFunction(_ column: String, in table: String) -> String {
      switch self {
      case .add: "\(column) = \(table).\(column) + excluded.\(column)"
      case .least: "\(column) = least(\(table).\(column), excluded.\(column))"
      case .greatest: "\(column) = greatest(\(table).\(column), excluded.\(column))"
      case .replace: "\(column) = excluded.\(column)"
      }
    }
  }

  private static func merge(
    into table: String, key: String, _ columns: [(String, Merge)], _ select: String
  ) -> String {
    """
    INSERT INTO \(table) (\(key), \(columns.map(\.0).joined(separator: ", "))) \(select)
    ON CONFLICT (\(key)) DO UPDATE SET
      \(columns.map { $1($0, in: table) }.joined(separator: ", "))
    """
  }

  private static func summary(_ columns: [(String, Merge)], _ select: String) -> String {
    merge(into: "block_summaries", key: "block, pooler", columns, select)
  }

  /// A farmer's events of a block belong to the pooler for whom it was planted.
  private static let planting =
    "JOIN plantings p ON p.farmer = e.farmer AND p.block = e.block AND p.position <= $1"

  static let statements = [balances] + blocks + transactions + totals + [end]

  private static let balances = merge(
    into: "balances", key: "account, asset", [("amount", .add)],
    "SELECT account, asset, sum(amount) FROM postings e WHERE \(isNew("e")) GROUP BY 1, 2")

  private static let blocks = [
    summary(
      [("wanted", .add), ("requested_at", .least)],
      "SELECT block, pooler, farmers, recorded_at FROM plant_requests e WHERE \(isNew("e"))"),
    summary(
      [
        ("planted", .add), ("missed", .add), ("stake", .add), ("first_planted_at", .least),
        ("last_planted_at", .greatest),
      ],
      """
      SELECT block, pooler, count(*) FILTER (WHERE planted), count(*) FILTER (WHERE NOT planted),
        sum(stake)::bigint, min(recorded_at) FILTER (WHERE planted),
        max(recorded_at) FILTER (WHERE planted)
      FROM plantings e WHERE \(isNew("e")) GROUP BY 1, 2
      """),
    merge(
      into: "block_misses", key: "block, pooler, reason", [("farmers", .add)],
      """
      SELECT block, pooler, coalesce(reason, ''), count(*) FROM plantings e
      WHERE \(isNew("e")) AND NOT planted GROUP BY 1, 2, 3
      """),
    summary(
      [
        ("worked", .add), ("gap_total", .add), ("gap_min", .least), ("gap_max", .greatest),
        ("first_worked_at", .least), ("last_worked_at", .greatest),
      ],
      """
      SELECT e.block, p.pooler, count(*), sum(e.gap)::bigint, min(e.gap), max(e.gap),
        min(e.recorded_at), max(e.recorded_at)
      FROM works e \(planting) WHERE \(isNew("e")) GROUP BY 1, 2
      """),
    merge(
      into: "block_zeros", key: "block, pooler, zeros", [("farmers", .add)],
      """
      SELECT e.block, p.pooler, e.zeros, count(*) FROM works e \(planting)
      WHERE \(isNew("e")) GROUP BY 1, 2, 3
      """),
    summary(
      [("harvested", .add), ("reward", .add)],
      """
      SELECT e.block, p.pooler, count(*), sum(e.reward)::bigint FROM harvests e \(planting)
      WHERE \(isNew("e")) GROUP BY 1, 2
      """),
    summary(
      [("lost", .add), ("stake_lost", .add)],
      """
      SELECT block, pooler, count(*), sum(stake)::bigint FROM stake_losses e
      WHERE \(isNew("e")) GROUP BY 1, 2
      """),
    summary(
      [("nonces", .add), ("first_nonce_at", .least)],
      """
      SELECT e.block, p.pooler, count(*), min(e.recorded_at) FROM nonces e \(planting)
      WHERE \(isNew("e")) GROUP BY 1, 2
      """),
    merge(
      into: "block_agents", key: "block, pooler, agent", [("assignments", .add)],
      """
      SELECT e.block, p.pooler, e.agent, count(*) FROM assignments e \(planting)
      WHERE \(isNew("e")) GROUP BY 1, 2, 3
      """),
    merge(
      into: "block_agents", key: "block, pooler, agent", [("hashes", .add)],
      """
      SELECT e.block, p.pooler, e.agent, sum(e.hashes) FROM work_finishes e \(planting)
      WHERE \(isNew("e")) GROUP BY 1, 2, 3
      """),
    summary(
      [("resolved_at", .least)],
      "SELECT block, pooler, recorded_at FROM block_analytics e WHERE \(isNew("e"))"),
  ]

  /// A plant's transaction is older than the planting it leads to, so that either may be the new one.
  private static let transactions = [
    summary(
      [("plant_sent_at", .least), ("work_sent_at", .least)],
      """
      SELECT block, pooler, min(recorded_at) FILTER (WHERE kind = 'plant'),
        min(recorded_at) FILTER (WHERE kind = 'work')
      FROM (
        SELECT p.block, p.pooler, e.recorded_at, e.kind FROM tx_intents e \(planting)
        WHERE \(isNew("e")) AND e.kind IN ('plant', 'work')
        UNION ALL
        SELECT p.block, p.pooler, e.recorded_at, e.kind FROM plantings p
        JOIN tx_intents e ON e.block = p.block AND e.farmer = p.farmer
        WHERE \(isNew("p")) AND \(isOld("e")) AND e.kind IN ('plant', 'work')
      ) sent GROUP BY 1, 2
      """),
    summary(
      [("fees", .add)],
      """
      SELECT block, pooler, sum(fee)::bigint FROM (
        SELECT p.block, p.pooler, o.fee FROM tx_outcomes o
        JOIN tx_intents e ON e.transaction = o.transaction \(planting) WHERE \(isNew("o"))
        UNION ALL
        SELECT p.block, p.pooler, o.fee FROM plantings p
        JOIN tx_intents e ON e.block = p.block AND e.farmer = p.farmer
        JOIN tx_outcomes o ON o.transaction = e.transaction
        WHERE \(isNew("p")) AND \(isOld("o"))
      ) paid GROUP BY 1, 2
      """),
  ]

  private static let totals = [
    total(
      "planted, missed", "plantings",
      "count(*) FILTER (WHERE planted), count(*) FILTER (WHERE NOT planted)"),
    total("works", "works", "count(*)"),
    total("harvests, rewards", "harvests", "count(*), coalesce(sum(reward), 0)"),
    total("stake_losses, stake_lost", "stake_losses", "count(*), coalesce(sum(stake), 0)"),
    total("departures", "departures", "count(*)"),
    total("plant_requests", "plant_requests", "count(*)"),
    total(
      "succeeded, failed, never_included, fees", "tx_outcomes",
      """
      count(*) FILTER (WHERE result = 'succeeded'), count(*) FILTER (WHERE result = 'failed'),
      count(*) FILTER (WHERE result = 'neverIncluded'), coalesce(sum(fee), 0)
      """),
  ]

  private static func total(_ columns: String, _ table: String, _ values: String) -> String {
    let names = columns.split(separator: ", ")
    let sums = names.enumerated().map { "\($1) = pool_totals.\($1) + new.v\($0)" }
    let aliases = names.indices.map { "v\($0)" }.joined(separator: ", ")
    return """
      UPDATE pool_totals SET \(sums.joined(separator: ", "))
      FROM (SELECT \(values) FROM \(table) e WHERE \(isNew("e"))) new(\(aliases))
      """
  }

  private static let end = "UPDATE projections SET position = greatest(position, $1)"
}
