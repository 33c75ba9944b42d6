package import Bridge
import Bytes
import KaleRules
import Pool
import PoolProtocol
import SecureChannel
import Store

/// Agents and blocks as the operator sees them.
extension OperatorDesk {
  package func agents() async throws -> [API.AgentHealth] {
    let health = await agentDesk.health
    let presence = await agentDesk.presence
    return await engine.read { state, view in
      var assignments: [Bytes32: Int] = [:]
      if let block = view?.farmIndex {
        for farmer in state.farmers.values {
          guard let planting = farmer.plantings[block], planting.phase == .planted,
            let agent = planting.assignment?.agent
          else { continue }
          assignments[agent, default: 0] += 1
        }
      }
      return state.agents.values.filter { !$0.isRevoked }.sorted { $0.key < $1.key }.map { agent in
        API.AgentHealth(
          agent, health[agent.key] ?? AgentStatus(),
          state: agent.isApproved ? presence.state(of: agent.key, now: .now) : .pending,
          online: view?.liveAgents.contains(agent.key) == true,
          assignments: assignments[agent.key] ?? 0,
          farmersMax: state.poolers[agent.pooler]?.farmersMax ?? 0)
      }
    }
  }

  package func blockAnalytics(before: UInt32?, limit: Int) async throws -> API.AnalyticsPage {
    let reports = try await history.reports(before: before.map { BlockIndex($0) }, limit: limit)
    // Below block 0 there is nothing; a page that is not full is the last.
    let last = reports.last?.block.rawValue ?? 0
    return API.AnalyticsPage(
      rows: reports.map { API.BlockAnalytics($0) },
      next: reports.count >= limit && last > 0 ? last : nil)
  }
}

extension API.AgentHealth {
  fileprivate init(
    _ agent: AgentRecord, _ status: AgentStatus, state: AgentState, online: Bool,
    assignments: Int, farmersMax: Int
  ) {
    self.init(
      id: KeyText.encode(.agentPublic, agent.key.bytes), name: agent.name,
      pooler: API.PoolerID(rawValue: agent.pooler), online: online, state: state.rawValue,
      lastSeenAt: status.lastSeen > 0 ? API.Timestamp(unixSeconds: status.lastSeen) : nil,
      version: status.version.isEmpty ? nil : status.version,
      hashRate: online ? Double(status.report?.hashesPerSecond ?? 0) : 0,
      hashRateClaimed: Double(agent.hashesPerSecond),
      threads: status.report.map { Int($0.threads) } ?? agent.threads, assignments: assignments,
      maxFarmers: status.farmersMax.map { Int($0) } ?? farmersMax,
      noncesInvalid: status.noncesInvalid, noncesLate: status.noncesLate)
  }
}

extension API.BlockAnalytics {
  fileprivate init(_ report: BlockReport) {
    self.init(
      block: report.block.rawValue, pooler: API.PoolerID(rawValue: report.pooler),
      wanted: report.wanted, planted: report.planted, worked: report.worked,
      harvested: report.harvested, failed: report.missed,
      stake: API.Amount(stroops: report.stake.rawValue),
      reward: API.Amount(stroops: report.reward.rawValue),
      stakeLost: API.Amount(stroops: report.stakeLost.rawValue),
      fees: API.Amount(stroops: report.fees.rawValue), zerosMedian: report.zerosMedian,
      zerosMax: report.zerosMax,
      resolvedAt: report.resolvedAt.map { API.Timestamp(unixSeconds: $0) })
  }
}
