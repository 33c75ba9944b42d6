import Bytes
import KaleRules
import Pool

/// The coordinator's side of its agents. Source: `AgentDesk`, `AgentServer`.
extension Simulation {
  /// How long a lost session's assignments wait, and how long one may do nothing.
  private static let heldFor: Int64 = 10_000
  private static let stuckAfter: Int64 = 30_000

  /// With every ledger: who is away for a moment and who is stuck.
  func watchAgents() {
    coordinator.held = coordinator.held.filter { $0.value > now }
    var stuck: Set<Bytes32> = []
    for session in coordinator.sessions.values
    where !session.sent.isEmpty && session.movedAt + Self.stuckAfter < now {
      stuck.insert(session.key)
    }
    if coordinator.run.agentsStand(held: Set(coordinator.held.keys), wedged: stuck) { pump() }
  }

  func hear(_ message: AgentMessage, session: Int) {
    guard let open = coordinator.sessions[session] else { return }
    switch message {
    case .plant(let block):
      guard
        let answer = try? coordinator.run.state.plantRequest(
          block, by: open.key, coordinator.run.view)
      else { return }
      record(answer.request.map { [$0] } ?? [], then: .pump)
    case .adopted(let set): record(coordinator.run.state.deliveries(of: set))
    case .found(let made, let nonce, let zeros):
      guard coordinator.handed.contains(made), made.agent == open.key else { return }
      if case .accepted(let event) = coordinator.run.state.judge(
        nonce: nonce, zeros: zeros, for: made, coordinator.run.view)
      {
        coordinator.sessions[session]?.movedAt = now
        record([event])
      }
    case .capacity(let rate):
      guard coordinator.run.state.agents[open.key]?.hashesPerSecond != rate else { return }
      record([CapacityReported(agent: open.key, hashesPerSecond: rate, threads: 2)])
    case .closed:
      coordinator.sessions[session] = nil
      coordinator.run.sessionClosed(open.key)
      coordinator.held[open.key] = now + Self.heldFor
      auditor.session(of: agents[open.agent].pooler, change: -1, now: now)
      record(
        [
          SessionClosed(
            agent: open.key,
            session: withUnsafeBytes(of: UInt64(session).bigEndian) { Array($0) },
            reason: "simulated")
        ], then: .pump)
    }
  }

  func tellAgentsSoon() {
    guard !coordinator.isTelling else { return }
    coordinator.isTelling = true
    later(1...5, .tellAgents(epoch: coordinator.epoch))
  }

  /// Sends each agent its set, where it differs from the last one sent.
  func tellAgents() {
    coordinator.isTelling = false
    let state = coordinator.run.state
    guard let block = state.block, coordinator.run.chain?.farmIndex == block.block else { return }
    for number in coordinator.sessions.keys.sorted() {
      guard let session = coordinator.sessions[number] else { continue }
      let set = state.assigned(to: session.key)
      guard set != session.sent || session.sentBlock != block.block else { continue }
      coordinator.sessions[number]?.sent = set
      coordinator.sessions[number]?.sentBlock = block.block
      coordinator.sessions[number]?.movedAt = now
      coordinator.handed.formUnion(set)
      guard agents[session.agent].session == number else { continue }
      var wallets: [FarmerID: Bytes32] = [:]
      for made in set { wallets[made.farmer] = state.farmers[made.farmer]?.wallet }
      next(
        5...300, .set(set, entropy: block.entropy, wallets: wallets), agent: session.agent)
    }
    if coordinator.handed.count > 2_000 {
      coordinator.handed = coordinator.handed.filter { $0.block.next >= block.block }
    }
  }

  /// With every ledger agents hear how things stand.
  func sendFacts() {
    guard let view = coordinator.run.chain else { return }
    let opensIn = 1_000 * (view.openedAt + 300 - view.closeTime)
    for number in coordinator.sessions.keys.sorted() {
      guard let session = coordinator.sessions[number],
        agents[session.agent].session == number
      else { continue }
      next(
        5...300, .facts(view.farmIndex, opensIn: opensIn, isPaused: view.farmIsPaused),
        agent: session.agent)
    }
  }
}
