import Bridge
import Bytes
import Synchronization

extension MemoryPool: OperatorService {
  func agents() async throws -> [API.AgentHealth] {
    [
      API.AgentHealth(
        id: "1", name: "rack-1", pooler: API.PoolerID(rawValue: 1), online: true,
        state: "online", lastSeenAt: clock.now, roundTripMilliseconds: 0.8, version: "0.1.0",
        hashRate: 31_500_000,
        hashRateClaimed: 32_000_000, threads: 2, assignments: 10, maxFarmers: 100,
        noncesInvalid: 0, noncesLate: 1)
    ]
  }

  func blockAnalytics(before: UInt32?, limit: Int) async throws -> API.AnalyticsPage {
    let amount = API.Amount(stroops: 12_345_678)
    let row = API.BlockAnalytics(
      block: 99, pooler: API.PoolerID(rawValue: 1), wanted: 10, planted: 9, worked: 9,
      harvested: 9, failed: ["shortOfXLM": 1], stake: amount, reward: amount,
      stakeLost: API.Amount(stroops: 0), fees: amount, zerosMedian: 7, zerosMax: 9,
      resolvedAt: clock.now)
    return API.AnalyticsPage(rows: before.map { 99 < $0 } ?? true ? [row] : [])
  }

  func money() async throws -> API.MoneySummary {
    let (farmers, kale) = state.withLock { state in
      (
        state.farmers.count,
        state.farmers.values.reduce(Int64(0)) { $0 + $1.wallet.kale.stroops }
      )
    }
    return API.MoneySummary(
      farmers: farmers,
      balances: [
        API.BookBalance(account: "farmers", asset: "KALE", balance: API.Amount(stroops: kale))
      ], auditedAt: clock.now, auditDifferences: 0)
  }

  func audit() async throws -> API.AuditReport {
    API.AuditReport(
      at: clock.now, ledger: 1234, walletsChecked: state.withLock { $0.farmers.count },
      differences: [])
  }

  func approveAgent(_ agent: String) async throws { try await know(agent) }

  private func know(_ agent: String) async throws {
    guard try await agents().contains(where: { $0.id == agent }) else {
      throw BridgeError(.notFound, "There is no such agent.")
    }
  }

  func revokeAgent(_ agent: String) async throws {
    try await know(agent)
    state.withLock { _ = $0.revoked.insert(agent) }
  }

  func createPooler(_ pooler: API.NewPooler) async throws -> API.Pooler {
    try state.withLock { state in
      guard !state.poolers.values.contains(where: { $0.name == pooler.name }) else {
        throw BridgeError(.conflict, "This name is taken.", field: "name")
      }
      let id = API.PoolerID(rawValue: Int64(state.poolers.count + 1))
      let entry = Pooler(
        name: pooler.name, walletAddress: pooler.walletAddress, shareBps: pooler.shareBps,
        maxFarmers: pooler.maxFarmers)
      state.poolers[id] = entry
      return self.pooler(id, entry, farmers: 0)
    }
  }

  func poolerStandings() async throws -> [API.PoolerStanding] {
    try await poolers().map { pooler in
      API.PoolerStanding(
        pooler: pooler, placesOwn: 10, placesDelivered: 9, placesBonded: 8, bondAddress: "G",
        bond: API.Amount(stroops: 7), debt: API.Amount(stroops: 6), badBlocks: 5, suspended: true,
        zerosMean: 4.5,
        starved: [API.StarvedFarmer(handle: "anna", blocks: 30, zerosBelow: 0.5)])
    }
  }

  func reinstate(pooler: API.PoolerID) async throws {}

  func releaseBond(pooler: API.PoolerID, stroops: Int64) async throws {}

  func plan(block: UInt32?) async throws -> API.Plan {
    let amount = API.Amount(stroops: 1)
    return API.Plan(
      block: block ?? 11, state: "next", gapMin: 0, gapMax: 50, zerosMin: 4, zerosMax: 8,
      stakeMin: amount, stakeMax: amount, pot: amount, parts: 1.5, ledgersLeft: 60,
      handOverLedgersLeft: 4, worksPerLedger: 100, batches: 1, landing: [0.9, 0.1], fees: amount,
      farmers: [
        API.PlannedPart(
          handle: "anna", pooler: API.PoolerID(rawValue: 1), stake: amount, zeros: 6,
          handOverLedgersLeft: 4, reward: amount, whyNot: "paused")
      ], reasons: ["Because."])
  }

  func issueEnrolmentToken(
    pooler: API.PoolerID, needsApproval: Bool
  ) async throws -> API.EnrolmentToken {
    guard state.withLock({ $0.poolers[pooler] }) != nil else {
      throw BridgeError(.notFound, "There is no such pooler.")
    }
    return API.EnrolmentToken(
      token: "token-\(pooler.rawValue)" + (needsApproval ? "-waits" : ""),
      expiresAt: clock.now + .seconds(60))
  }
}

extension MemoryPool: HealthService {
  func readiness() async -> [ReadinessCheck] {
    let ready = state.withLock { $0.ready }
    return [
      ReadinessCheck(name: "database", ready: true),
      ReadinessCheck(name: "chain", ready: ready, detail: ready ? nil : "no ledger for 60 s"),
    ]
  }

  func metrics() async -> [Metric] {
    [
      Metric(
        "kalepool_farmers", .gauge, help: "Farmers by status.",
        [
          .init(
            Double(state.withLock { $0.farmers.count }), labels: ["status": "a \"quoted\"\nname"])
        ])
    ]
  }
}

extension MemoryPool: SessionStore {
  func insert(_ session: StoredSession) async throws {
    state.withLock { $0.sessions.append(session) }
  }

  func find(tokenHash: Bytes32) async throws -> StoredSession? {
    state.withLock { $0.sessions.first { $0.tokenHash == tokenHash } }
  }

  func delete(tokenHash: Bytes32) async throws {
    state.withLock { $0.sessions.removeAll { $0.tokenHash == tokenHash } }
  }

  func deleteAll(farmer: API.FarmerID) async throws {
    state.withLock { $0.sessions.removeAll { $0.farmer == farmer } }
  }
}
