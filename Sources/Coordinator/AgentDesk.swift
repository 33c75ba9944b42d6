package import Bytes
import KaleRules
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
  private var handles: [AssignmentMade: UInt64] = [:]
  private var assignments: [UInt64: AssignmentMade] = [:]
  private var newestBlock: BlockIndex = 0
  /// What each agent was last sent, by version, until it says which it adopted.
  private var sent: [Bytes32: [UInt64: [AssignmentMade]]] = [:]
  private(set) package var health: [Bytes32: AgentStatus] = [:]
  var presence: AgentPresence
  private var leases: [Bytes32: PlantLease] = [:]
  private var records: [Bytes32: NonceRecord] = [:]
  /// The agents of each pooler that are connected.
  private var crews: [PoolerID: Set<Bytes32>] = [:]

  /// Sets that an agent has not acknowledged and that are remembered; older ones are dropped.
  static let setsRemembered = 64
  /// Agents of one pooler with a session: one that is broken or stolen must not take every other's
  /// memory and time.
  package static let sessionsPerPoolerMax = 256

  package init(
    engine: PoolEngine, pace: Pace, presence: AgentPresence = AgentPresence(), log: Logger
  ) {
    self.engine = engine
    self.presence = presence
    self.pace = pace
    self.log = log
  }

  // MARK: - Who may come in

  /// Whether an agent that has proved its key (and, where it names one, its token) may work.
  package func admit(
    agent: Bytes32, token: Bytes32?, name: String, now: Int64
  ) async throws -> Verdict {
    try await engine.decide { state, _ in
      if let known = state.agents[agent] {
        return (known.isRevoked ? .revoked : known.isApproved ? .accepted : .pending, [])
      }
      if let replacement = state.replacement(by: agent, now: now) {
        return (.accepted, [replacement])
      }
      guard let token else { return (.unknownKey, []) }
      guard let enrolment = state.enrolments[token], enrolment.expiresAt > now else {
        return (.token, [])
      }
      return (
        enrolment.needsApproval ? .pending : .accepted,
        [AgentEnrolled(agent: agent, pooler: enrolment.pooler, tokenKey: token, name: name)]
      )
    }
  }

  /// Whether the agent's pooler has as many others connected as it may have.
  package func isCrowded(for agent: Bytes32) async -> Bool {
    guard let pooler = await pooler(of: agent), let crew = crews[pooler] else { return false }
    return crew.count >= Self.sessionsPerPoolerMax && !crew.contains(agent)
  }

  private func pooler(of agent: Bytes32) async -> PoolerID? {
    await engine.read { state, _ in state.agents[agent]?.pooler }
  }

  /// - Parameter instance: names the agent's process.
  package func connected(
    _ session: SessionOpened, instance: [UInt8] = [], now: Int64
  ) async throws {
    var status = health[session.agent] ?? AgentStatus()
    status.version = session.version
    status.lastSeen = now
    health[session.agent] = status
    if let pooler = await pooler(of: session.agent) {
      crews[pooler, default: []].insert(session.agent)
    }
    presence.opened(session.agent, session: session.session, instance: instance, now: .now)
    try await engine.sessionOpened(
      session, standing: presence.standing(of: session.agent, now: .now))
  }

  /// May come after the same agent's next session has begun, whose sets must not be forgotten.
  /// - Parameter holds: the agent may come back, and its assignments wait a while for it.
  package func disconnected(_ session: SessionClosed, holds: Bool = false) async throws {
    let hold = holds ? await holdTime : .zero
    presence.closed(session.agent, session: session.session, hold: hold, now: .now)
    if let pooler = await pooler(of: session.agent), !presence.isLive(session.agent) {
      crews[pooler]?.remove(session.agent)
    }
    try await engine.sessionClosed(
      session, standing: presence.standing(of: session.agent, now: .now))
  }

  // MARK: - Planting

  /// Nil: the agent may ask for planting now. Otherwise when it may.
  package func lease(of agent: Bytes32) -> Duration? {
    leases[agent, default: PlantLease(now: .now)].take(now: .now)
  }

  /// The pooler asks for planting. Asking again, or from another of its agents, changes nothing.
  package func plant(_ request: PlantRequest, from agent: Bytes32) async throws -> PlantReply {
    let block = BlockIndex(request.blockIndex)
    let answer = try await engine.decide { state, view in
      let answer = try state.plantRequest(block, by: agent, view)
      return (answer, answer.request.map { [$0] } ?? [])
    }
    try await engine.pump()
    return PlantReply(
      blockIndex: block.rawValue, farmers: UInt32(answer.farmers), already: answer.request == nil)
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
      remainingMs: pace.remaining(in: view, state),
      assignments: [])
    // Whoever is alone on a farm finds a maximum of 0 there; one zero more costs nothing.
    set.maxZeros = min(64, max(1, set.maxZeros))
    let all = state.assigned(to: agent).prefix(MessageLimits.assignmentsPerSet)
    set.assignments = all.compactMap { made in
      state.farmers[made.farmer].map { farmer in
        Assignment(
          handle: handle(of: made), farmerKey: farmer.wallet, nonces: made.nonces,
          bestZeros: farmer.plantings[made.block]?.best?.zeros)
      }
    }
    var versions = sent[agent] ?? [:]
    versions[version] = Array(all)
    if versions.count > Self.setsRemembered, let oldest = versions.keys.min() {
      versions[oldest] = nil
    }
    sent[agent] = versions
    return set
  }

  private func handle(of key: AssignmentMade) -> UInt64 {
    if let handle = handles[key] { return handle }
    if key.block > newestBlock {
      newestBlock = key.block
      forget(before: newestBlock)
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
    guard let made = sent[agent]?[version] else { return }
    sent[agent] = sent[agent]?.filter { $0.key > version }
    try await engine.decide { state, _ in ((), state.deliveries(of: made)) }
  }

  // MARK: - Nonces

  /// How long to wait before the agent's next nonce is looked at; nil: no time.
  package func pause(of agent: Bytes32) -> Duration? {
    records[agent]?.isPoor == true ? NonceRecord.pause : nil
  }

  /// Hashes a nonce again and keeps it if it is better than any before; answered when it is
  /// durable.
  package func found(_ nonce: NonceFound, by agent: Bytes32) async throws -> NonceAck {
    var ack = NonceAck(
      handle: nonce.handle, blockIndex: nonce.blockIndex, nonce: nonce.nonce, verdict: .stale,
      zeros: 0)
    guard let made = assignments[nonce.handle], made.agent == agent,
      made.block.rawValue == nonce.blockIndex
    else {
      count(ack.verdict, of: agent)
      return ack
    }
    (ack.verdict, ack.zeros) = try await engine.decide { state, view in
      switch state.judge(nonce: nonce.nonce, zeros: nonce.zeros, for: made, view) {
      case .accepted(let event): ((.accepted, event.zeros), [event])
      case .notBetter: ((.notBetter, 0), [])
      case .stale: ((.stale, 0), [])
      case .invalid: ((.invalid, 0), [])
      }
    }
    if ack.verdict == .accepted { presence.found(by: agent, now: .now) }
    count(ack.verdict, of: agent)
    return ack
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
    let farmersMax = capacity.farmersMax.map { Int($0) }
    try await engine.decide { state, _ in
      guard let known = state.agents[agent],
        known.hashesPerSecond != rate || known.farmersMax != farmersMax
      else { return ((), []) }
      return (
        (),
        [
          CapacityReported(
            agent: agent, hashesPerSecond: rate, threads: threads, farmersMax: farmersMax)
        ]
      )
    }
  }

  private func count(_ verdict: NonceVerdict, of agent: Bytes32) {
    let wasPoor = records[agent]?.isPoor == true
    records[agent, default: NonceRecord()].note(isInvalid: verdict == .invalid)
    if !wasPoor, records[agent]?.isPoor == true {
      log.warning(
        "an agent is slowed down: too many of its nonces do not hold",
        metadata: ["agent": "\(KeyText.encode(.agentPublic, agent.bytes))"])
    }
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
