import Bridge
import Foundation
import StellarClient

/// The demo's coordinator, as its operator sees it.
struct DemoPool: Sendable {
  let client: BridgeClient

  func isReady() async throws -> Bool {
    // Nobody listens yet while it starts.
    (try? await client.send("GET", "/readyz"))?.status == 200
  }

  /// Adds the one pooler of the demo.
  func addPooler(wallet: String, settings: DemoSettings) async throws -> API.Pooler {
    try await client.call(
      "POST", "/api/v1/operator/poolers",
      json: NewPooler(
        name: "Demo pooler", walletAddress: wallet, shareBps: DemoSettings.poolerShareBps,
        maxFarmers: max(1_000, settings.farmers)))
  }

  func enrolmentToken(_ pooler: API.PoolerID) async throws -> String {
    let token: API.EnrolmentToken = try await client.call(
      "POST", "/api/v1/operator/poolers/\(pooler.rawValue)/enrolment-tokens")
    return token.token
  }

  func agents() async throws -> [API.AgentHealth] {
    try await client.call(
      "GET", "/api/v1/operator/agents", as: Rows<API.AgentHealth>.self
    ).rows
  }

  /// The newest blocks, newest first.
  func newestBlocks(_ limit: Int = 20) async throws -> [API.BlockAnalytics] {
    try await client.call(
      "GET", "/api/v1/operator/blocks?limit=\(limit)", as: API.AnalyticsPage.self
    ).rows
  }

  /// How many blocks were asked to be planted for anybody.
  func blockCount() async throws -> Int {
    var blocks: Set<UInt32> = []
    var before: UInt32?
    repeat {
      let page: API.AnalyticsPage = try await client.call(
        "GET", "/api/v1/operator/blocks?limit=100" + (before.map { "&before=\($0)" } ?? ""))
      blocks.formUnion(page.rows.filter { $0.wanted > 0 }.map(\.block))
      before = page.next
    } while before != nil
    return blocks.count
  }

  func figures() async throws -> DemoFigures { DemoFigures(try await metrics()) }

  /// The open farm block's number, and how long it has been open in seconds of ledger time.
  func openBlock() async throws -> (index: Int, age: Int)? {
    let metrics = try await metrics()
    guard let index = metrics.whole("kalepool_block_index"),
      let age = metrics.whole("kalepool_block_age_seconds")
    else { return nil }
    return (index, age)
  }

  private func metrics() async throws -> Prometheus {
    let reply = try await client.checked("GET", "/metrics")
    return Prometheus(String(decoding: reply.body, as: UTF8.self))
  }

  func audit() async throws -> API.AuditReport {
    try await client.call(
      "POST", "/api/v1/operator/audits", timeout: BridgeClient.auditTimeout)
  }
}
