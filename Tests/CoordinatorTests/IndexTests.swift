import Bridge
import Coordinator
import Foundation
import KaleRules
import Pool
import Postgres
import Store
import Testing

/// Every statement that the pool issues finds its rows by an index, however many there are.
///
/// PostgreSQL itself writes down each statement's plan, those inside functions included, with plans
/// for any parameters and full scans made dear: where it scans all the same, there is no index.
@Suite(.cluster) struct IndexTests {
  /// Read whole, because all of it is asked for or because it is one row.
  static let readWhole: Set<String> = [
    "leases", "projections", "pool_totals", "schema_versions", "balances", "sealed_seeds",
    "agents", "agent_key_replacements",
  ]

  @Test func everyStatementHasItsIndex() async throws {
    let database = try await ClusterTrait.database()
    let name = try #require(database.owner.database)
    let superuser = try await ClusterTrait.superuser()
    for setting in [
      "session_preload_libraries = 'auto_explain'", "auto_explain.log_min_duration = 0",
      "auto_explain.log_nested_statements = on", "auto_explain.log_format = json",
      "enable_seqscan = off", "plan_cache_mode = force_generic_plan", "jit = off",
    ] { try await superuser.query("ALTER DATABASE \(name) SET \(setting)") }
    await superuser.close()

    try await live(database)

    let log = try String(
      contentsOfFile: try #require(ClusterTrait.current).logFile, encoding: .utf8)
    let plans = Self.plans(in: log)
    let ours = Set(plans.map(\.query))
    // A journal's writing, a projection's catching up, a page's reading.
    for part in ["INSERT INTO \"plantings\"", "INSERT INTO block_summaries", "FROM plantings p"] {
      #expect(ours.contains { $0.contains(part) }, "no plan was written down for \(part)")
    }
    #expect(ours.count > 60)
    let scans = Set(plans.flatMap { plan in plan.fullScans.map { "\($0): \(plan.query)" } })
    #expect(scans.sorted() == [])
  }

  /// Two farmers' way from registering to leaving, with every question that anybody may ask.
  private func live(_ database: StoreSettings) async throws {
    let office = try await Office(database: database, isNew: true)
    let pooler = try await office.pooler()
    let anna = try await office.farming("anna", pooler)
    _ = try await office.farming("berta", pooler)
    try await office.openBlock(after: 300)
    for _ in 0..<3 { try await office.playBlock() }
    try await ask(office, anna)
    _ = try await office.farmers.leave(
      farmer: anna, API.LeaveRequest(waitForPendingPayout: false))
    _ = try await office.farmers.dashboard(farmer: anna)
    for _ in 0..<2 { try await office.playBlock() }
    let end = office.store.lastPosition
    await office.close()

    let again = try await Office(database: database)
    try await again.store.load(from: end / 2) { _ in }
    await again.close()
    let connection = try await PostgresConnection.connect(database.application)
    #expect(try await JournalVerifier(connection, seal: nil).run().findings == [])
    await connection.close()
  }

  private func ask(_ office: Office, _ farmer: API.FarmerID) async throws {
    _ = try await office.farmers.blocks(farmer: farmer, before: nil, limit: 10)
    _ = try await office.farmers.rewards(farmer: farmer, before: nil, limit: 10)
    _ = try await office.farmers.statement(farmer: farmer, after: nil, limit: 10)
    _ = try await office.farmers.poolers()
    _ = try await office.operators.blockAnalytics(before: nil, limit: 10)
    _ = try await office.operators.agents()
    _ = try await office.operators.money()
    _ = await office.health.metrics()
    let history = office.history
    let end = office.store.lastPosition
    _ = try await history.balances()
    _ = try await history.balances(of: .farm, through: end)
    _ = try await history.position(at: 2_000_000_000_000_000)
    _ = try await history.losses(farmer: farmer.rawValue)
    _ = try await history.harvestPayments(farmer: farmer.rawValue, from: 0)
    _ = try await history.counts(adding: PoolCounts(), through: end / 2)
    let sessions = SessionDesk(store: office.store)
    let session = StoredSession(
      tokenHash: Office.key(9), farmer: farmer, createdAt: API.Timestamp(unixSeconds: 1),
      expiresAt: API.Timestamp(unixSeconds: 2))
    try await sessions.insert(session)
    _ = try await sessions.find(tokenHash: session.tokenHash)
    try await sessions.delete(tokenHash: session.tokenHash)
    try await sessions.deleteAll(farmer: farmer)
  }

  // MARK: - Plans

  private struct Plan {
    var query: String
    /// Tables that are read from end to end.
    var fullScans: Set<String>
  }

  /// Entries of auto_explain: a line that ends in `plan:`, then JSON on lines that begin with a tab.
  private static func plans(in log: String) -> [Plan] {
    var plans: [Plan] = []
    var json: String?
    for line in log.split(separator: "\n") + [Substring()] {
      if line.hasPrefix("\t") {
        json?.append(contentsOf: line)
      } else {
        if let text = json, let plan = plan(text) { plans.append(plan) }
        json = line.hasSuffix("plan:") ? "" : nil
      }
    }
    return plans
  }

  private static func plan(_ json: String) -> Plan? {
    guard let entry = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any],
      let query = entry["Query Text"] as? String, let root = entry["Plan"] as? [String: Any]
    else { return nil }
    return Plan(query: query, fullScans: fullScans(root, isBounded: false))
  }

  /// - Parameter isBounded: a LIMIT above ends the scan after some rows.
  private static func fullScans(_ node: [String: Any], isBounded: Bool) -> Set<String> {
    let type = node["Node Type"] as? String ?? ""
    var found: Set<String> = []
    if let table = node["Relation Name"] as? String, isFarmTable(table) {
      let isWhole =
        type == "Seq Scan"
        || ["Index Scan", "Index Only Scan"].contains(type) && node["Index Cond"] == nil
          && !isBounded
      if isWhole { found.insert(table) }
    }
    let bounded = isBounded || type == "Limit"
    for child in node["Plans"] as? [[String: Any]] ?? [] {
      found.formUnion(fullScans(child, isBounded: bounded))
    }
    return found
  }

  /// Whether it grows: not of the catalogue, nor one that is read whole.
  private static func isFarmTable(_ table: String) -> Bool {
    !table.hasPrefix("pg_") && !readWhole.contains(table)
  }
}
