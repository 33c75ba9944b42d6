package import Bytes
package import KaleRules
package import Logging
package import Pool
package import PoolProtocol
package import SecureChannel

/// What agents ask for and report, apart from how it travels.
///
/// Nothing here can name, accept or refuse a farmer on an agent's behalf: an agent asks for
/// planting as such, and works on what it is given.
package actor AgentDesk {
  let engine: PoolEngine
  let pace: Pace
  let log: Logger

  /// Opaque names of assignments; agents never see a farmer's number.
  private var handles: [AssignmentKey: UInt64] = [:]
  private var assignments: [UInt64: AssignmentKey] = [:]
  /// What each agent was last sent, by version, until it says which it adopted.
  private var sent: [Bytes32: [UInt64: [AssignmentKey]]] = [:]
  private(set) package var health: [Bytes32: AgentStatus] = [:]
  var presence = AgentPresence()

  struct AssignmentKey: Hashable, Sendable {
    let block: BlockIndex
    let farmer: FarmerID
    let agent: Bytes32
    let turn: Int
  }

  /// Sets that an agent has not acknowledged and that are remembered; older ones are dropped.
  static let setsRemembered = 64

  package init(engine: PoolEngine, pace: Pace, log: Logger) {
    self.engine = engine
    self.pace = pace
    self.log = log
  }

  // MARK: - Who may come in

  /// Whether an agent that has proved its key (and, where it names one, its token) may work.
  package func admit(
    agent: Bytes32, token: Bytes32?, name: String, now: Int64
  ) async throws -> Verdict {
    try await engine.decide { state, _ in
      if let known = state.agents[agent] { return (known.isRevoked ? .revoked : .accepted, []) }
      if let replacement = state.replacement(by: agent, now: now) {
        return (.accepted, [replacement])
      }
      guard let token else { return (.unknownKey, []) }
      guard let enrolment = state.enrolments[token], enrolment.expiresAt > now else {
        return (.token, [])
      }
      return (
        .accepted,
        [AgentEnrolled(agent: agent, pooler: enrolment.pooler, tokenKey: token, name: name)]
      )
    }
  }

  /// - Parameter instance: names the agent's process.
  package func connected(
    _ session: SessionOpened, instance: [UInt8] = [], now: Int64
  ) async throws {
    var status = health[session.agent] ?? AgentStatus()
    status.version = session.version
    status.lastSeen = now
    health[session.agent] = status
    presence.opened(session.agent, session: session.session, instance: instance, now: .now)
    try await engine.sessionOpened(session)
    try await tellStanding()
  }

  /// May come after the same agent's next session has begun, whose sets must not be forgotten.
  /// - Parameter holds: the agent may come back, and its assignments wait a while for it.
  package func disconnected(_ session: SessionClosed, holds: Bool = false) async throws {
    let hold = holds ? await holdTime : .zero
    presence.closed(session.agent, session: session.session, hold: hold, now: .now)
    // First, so that nothing is handed to others in between.
    try await tellStanding()
    try await engine.sessionClosed(session)
  }

  // MARK: - Planting

  /// The pooler asks for planting. Asking again, or from another of its agents, changes nothing.
  package func plant(_ request: PlantRequest, from agent: Bytes32) async throws -> PlantReply {
    let block = BlockIndex(request.blockIndex)
    let reply = try await engine.decide { state, view in
      try Self.plan(block, agent, state, view)
    }
    try await engine.pump()
    return reply
  }

  private static func plan(
    _ block: BlockIndex, _ agent: Bytes32, _ state: PoolState, _ view: ChainView?
  ) throws(AgentDeskError) -> (PlantReply, [any PoolEvent]) {
    guard let view else { throw .notFollowing }
    guard let pooler = state.agents[agent]?.pooler else { throw .unknownAgent }
    let key = PoolerBlock(block: block, pooler: pooler)
    if state.requests.contains(key) {
      let wanted = state.tallies[key]?.wanted ?? 0
      return (
        PlantReply(blockIndex: block.rawValue, farmers: UInt32(wanted), already: true), []
      )
    }
    guard (view.plantable(state.settings)...view.farmIndex.next).contains(block) else {
      throw .staleBlock(current: view.farmIndex)
    }
    let farmers = state.ready(for: pooler, block: block).count
    return (
      PlantReply(blockIndex: block.rawValue, farmers: UInt32(farmers), already: false),
      [PlantRequested(block: block, pooler: pooler, agent: agent, farmers: farmers)]
    )
  }

  // MARK: - Assignments

  /// All that an agent is to work on now, or nil while no block is open.
  package func assignments(of agent: Bytes32, version: UInt64) async -> AssignmentSet? {
    guard let (state, view) = await engine.stateAndView(), let block = state.block,
      block.block == view.farmIndex
    else { return nil }
    var set = AssignmentSet(
      version: version, blockIndex: block.block.rawValue, entropy: block.entropy,
      maxZeros: Int(clamping: block.zerosMax),
      remainingMs: pace.remaining(in: view, state.settings),
      assignments: [])
    // Whoever is alone on a farm finds a maximum of 0 there; one zero more costs nothing.
    set.maxZeros = min(64, max(1, set.maxZeros))
    var keys: [AssignmentKey] = []
    for farmer in state.farmers.values.sorted(by: { $0.id < $1.id }) {
      guard let planting = farmer.plantings[block.block], planting.phase == .planted,
        let assignment = planting.assignment, assignment.agent == agent,
        set.assignments.count < MessageLimits.assignmentsPerSet
      else { continue }
      let key = AssignmentKey(
        block: block.block, farmer: farmer.id, agent: agent, turn: assignment.turn)
      let made = AssignmentMade(
        block: block.block, farmer: farmer.id, agent: agent, turn: assignment.turn)
      keys.append(key)
      set.assignments.append(
        Assignment(
          handle: handle(of: key), farmerKey: farmer.wallet, nonces: made.nonces,
          bestZeros: planting.best?.zeros))
    }
    var versions = sent[agent] ?? [:]
    versions[version] = keys
    if versions.count > Self.setsRemembered, let oldest = versions.keys.min() {
      versions[oldest] = nil
    }
    sent[agent] = versions
    return set
  }

  private func handle(of key: AssignmentKey) -> UInt64 {
    if let handle = handles[key] { return handle }
    if assignments.values.first(where: { $0.block.next < key.block }) != nil {
      forget(before: key.block)
    }
    var handle: UInt64
    repeat { handle = UInt64.random(in: 1 ... .max) } while assignments[handle] != nil
    handles[key] = handle
    assignments[handle] = key
    return handle
  }

  private func forget(before block: BlockIndex) {
    for (key, handle) in handles where key.block.next < block {
      handles[key] = nil
      assignments[handle] = nil
    }
  }

  /// The agent has this set and works on it.
  package func adopted(version: UInt64, by agent: Bytes32) async throws {
    presence.adopted(version: version, by: agent, now: .now)
    guard let keys = sent[agent]?[version] else { return }
    sent[agent] = sent[agent]?.filter { $0.key > version }
    try await engine.decide { state, _ in
      let delivered: [AssignmentDelivered] = keys.compactMap { key in
        guard let planting = state.farmers[key.farmer]?.plantings[key.block],
          let assignment = planting.assignment, assignment.turn == key.turn,
          !assignment.isDelivered
        else { return nil }
        return AssignmentDelivered(
          block: key.block, farmer: key.farmer, agent: agent, turn: key.turn)
      }
      return ((), delivered)
    }
  }

  // MARK: - Nonces

  /// Hashes a nonce again and keeps it if it is better than any before; answered when it is
  /// durable.
  package func found(_ nonce: NonceFound, by agent: Bytes32) async throws -> NonceAck {
    var ack = NonceAck(
      handle: nonce.handle, blockIndex: nonce.blockIndex, nonce: nonce.nonce, verdict: .stale,
      zeros: 0)
    guard let key = assignments[nonce.handle], key.agent == agent,
      key.block.rawValue == nonce.blockIndex
    else {
      count(ack.verdict, of: agent)
      return ack
    }
    (ack.verdict, ack.zeros) = try await engine.decide { state, _ in
      let (verdict, event) = Self.judge(nonce, key, state)
      return ((verdict, event?.zeros ?? 0), event.map { [$0] } ?? [])
    }
    if ack.verdict == .accepted { presence.found(by: agent, now: .now) }
    count(ack.verdict, of: agent)
    return ack
  }

  /// What a nonce is worth, by the coordinator's own hash.
  private static func judge(
    _ nonce: NonceFound, _ key: AssignmentKey, _ state: PoolState
  ) -> (NonceVerdict, NonceAccepted?) {
    guard let block = state.block, block.block == key.block,
      let farmer = state.farmers[key.farmer], let planting = farmer.plantings[key.block],
      planting.phase == .planted
    else { return (.stale, nil) }
    let hash = KaleHash.hash(
      block: key.block.rawValue, nonce: nonce.nonce, entropy: block.entropy, farmer: farmer.wallet)
    let zeros = KaleHash.zeros(hash)
    guard zeros >= nonce.zeros else { return (.invalid, nil) }
    if let best = planting.best, best.zeros >= zeros { return (.notBetter, nil) }
    return (
      .accepted,
      NonceAccepted(
        block: key.block, farmer: key.farmer, agent: key.agent, nonce: nonce.nonce, hash: hash,
        zeros: zeros)
    )
  }

  package func done(_ work: WorkDone, by agent: Bytes32) async throws {
    guard let key = assignments[work.handle], key.agent == agent else { return }
    try await engine.record([
      WorkFinished(
        block: key.block, farmer: key.farmer, agent: agent,
        hashes: Int64(clamping: work.hashesDone))
    ])
  }

  // MARK: - Health

  package func reported(_ report: HealthReport, by agent: Bytes32, now: Int64) {
    var status = health[agent] ?? AgentStatus()
    status.lastSeen = now
    status.report = report
    health[agent] = status
    presence.reported(
      hashes: report.hashesTotal, isIdle: report.queue == 0, by: agent, now: .now)
  }

  package func reported(_ capacity: CapacityReport, by agent: Bytes32) async throws {
    let threads = Int(health[agent]?.report?.threads ?? 0)
    health[agent, default: AgentStatus()].farmersMax = capacity.farmersMax
    let rate = Int64(clamping: capacity.hashesPerSecond)
    try await engine.decide { state, _ in
      guard let known = state.agents[agent], known.hashesPerSecond != rate else { return ((), []) }
      return ((), [CapacityReported(agent: agent, hashesPerSecond: rate, threads: threads)])
    }
  }

  private func count(_ verdict: NonceVerdict, of agent: Bytes32) {
    switch verdict {
    case .invalid: health[agent, default: AgentStatus()].noncesInvalid += 1
    case .stale: health[agent, default: AgentStatus()].noncesLate += 1
    default: break
    }
  }
}

/// What is known of an agent besides its events: gone with the process, on which no book depends.
package struct AgentStatus: Sendable {
  package var version = ""
  /// Unix seconds.
  package var lastSeen: Int64 = 0
  package var report: HealthReport?
  package var farmersMax: UInt32?
  package var noncesInvalid = 0
  package var noncesLate = 0
}

/// Why an agent's request is refused.
package enum AgentDeskError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The coordinator does not follow the chain yet. Ask again soon.
  case notFollowing
  case unknownAgent
  /// Planting is for the open block or the next one.
  case staleBlock(current: BlockIndex)

  package var description: String {
    switch self {
    case .notFollowing: "the coordinator does not follow the chain yet"
    case .unknownAgent: "this agent belongs to no pooler"
    case .staleBlock(let current): "planting is for the open block \(current) or the next one"
    }
  }
}
