package import Bytes
package import Pool

/// Who of the agents is here, away for a moment, or stuck. Plain logic; the time is a parameter.
///
/// An agent is *away* with its last session gone and may be *held*: its assignments stay its own for
/// a while. It is *live* with a session, and *wedged* when it is live and nothing moves; a
/// wedged agent's next session stays wedged for ``quarantine`` unless another process made it or
/// something moves.
package struct AgentPresence: Sendable {
  /// From READY's promise to the open session, at most.
  static let openingTime = Duration.seconds(5)
  /// After being stuck, work goes to others first for so long.
  package static let quarantine = Duration.seconds(60)
  /// Another process taking a live session's place so often in ``cloneTime`` is a copied key.
  package static let takeoversMax = 3
  package static let cloneTime = Duration.seconds(60)

  private struct Session {
    var id: [UInt8]
    var instance: [UInt8]
  }

  private struct Agent {
    /// The newest one, live or the last.
    var session: Session
    var isLive = true
    var heldUntil: ContinuousClock.Instant?
    var wedgedUntil: ContinuousClock.Instant?
    var progress: ProgressWatch
    var takeovers: [ContinuousClock.Instant] = []
    var refusedUntil: ContinuousClock.Instant?
  }

  private var agents: [Bytes32: Agent] = [:]

  private let patience: Duration

  /// - Parameter patience: after which an agent without progress is wedged.
  package init(patience: Duration = ProgressWatch.patience) { self.patience = patience }

  // MARK: - Sessions

  package enum Arrival: Sendable, Hashable {
    /// Welcome; `resumed`: the assignments of the session it names are still its own.
    case admitted(resumed: Bool)
    /// Two processes use one key; `isNew`: since just now.
    case cloned(retryAfter: Duration, isNew: Bool)
  }

  /// A known agent wants to come in.
  package mutating func arrives(
    _ key: Bytes32, previous: [UInt8]?, instance: [UInt8], now: ContinuousClock.Instant
  ) -> Arrival {
    guard var agent = agents[key] else { return .admitted(resumed: false) }
    if let until = agent.refusedUntil, until > now {
      return .cloned(retryAfter: until - now, isNew: false)
    }
    if agent.isLive, agent.session.instance != instance {
      agent.takeovers = agent.takeovers.filter { now - $0 < Self.cloneTime } + [now]
      if agent.takeovers.count > Self.takeoversMax {
        agent.takeovers = []
        agent.refusedUntil = now + Self.cloneTime
        agents[key] = agent
        return .cloned(retryAfter: Self.cloneTime, isNew: true)
      }
    }
    let isHeld = agent.isLive || agent.heldUntil.map { $0 > now } ?? false
    let resumed =
      isHeld && agent.session.id == previous && agent.session.instance == instance
      && !isWedged(agent, now)
    // READY is on its way: what it says must hold until the session is open.
    if resumed, !agent.isLive { agent.heldUntil = now + Self.openingTime }
    agents[key] = agent
    return .admitted(resumed: resumed)
  }

  package mutating func opened(
    _ key: Bytes32, session: [UInt8], instance: [UInt8], now: ContinuousClock.Instant
  ) {
    var agent =
      agents[key]
      ?? Agent(
        session: Session(id: [], instance: []),
        progress: ProgressWatch(patience: patience, now: now))
    // Another process may do what the one before could not.
    if agent.session.instance != instance { agent.wedgedUntil = nil }
    agent.session = Session(id: session, instance: instance)
    agent.isLive = true
    agent.heldUntil = nil
    agent.progress = ProgressWatch(patience: patience, now: now)
    agents[key] = agent
  }

  /// May come after the agent's next session has opened, and then changes nothing.
  /// - Parameter hold: how long its assignments wait for it.
  package mutating func closed(
    _ key: Bytes32, session: [UInt8], hold: Duration, now: ContinuousClock.Instant
  ) {
    guard var agent = agents[key], agent.session.id == session else { return }
    agent.isLive = false
    agent.heldUntil = isWedged(agent, now) ? nil : now + hold
    agents[key] = agent
  }

  /// After the coordinator's start: an agent that was connected before may come back.
  package mutating func expect(
    _ key: Bytes32, hold: Duration, now: ContinuousClock.Instant
  ) {
    guard agents[key] == nil else { return }
    var agent = Agent(
      session: Session(id: [], instance: []), progress: ProgressWatch(patience: patience, now: now))
    agent.isLive = false
    agent.heldUntil = now + hold
    agents[key] = agent
  }

  package func isLive(_ key: Bytes32) -> Bool { agents[key]?.isLive == true }

  // MARK: - Work

  package mutating func sent(
    version: UInt64, until: ContinuousClock.Instant?, to key: Bytes32, now: ContinuousClock.Instant
  ) {
    agents[key]?.progress.sent(version: version, until: until, now: now)
  }

  package mutating func adopted(version: UInt64, by key: Bytes32, now: ContinuousClock.Instant) {
    agents[key]?.progress.adopted(version: version, now: now)
  }

  package mutating func reported(
    hashes: UInt64, isIdle: Bool, by key: Bytes32, now: ContinuousClock.Instant
  ) {
    if agents[key]?.progress.reported(hashes: hashes, isIdle: isIdle, now: now) == true {
      agents[key]?.wedgedUntil = nil
    }
  }

  package mutating func found(by key: Bytes32, now: ContinuousClock.Instant) {
    agents[key]?.progress.found(now: now)
    agents[key]?.wedgedUntil = nil
  }

  // MARK: - Looking

  /// Agents that are stuck since the last look: their sessions are to be reset.
  package mutating func newlyWedged(now: ContinuousClock.Instant) -> [Bytes32] {
    var found: [Bytes32] = []
    for (key, agent) in agents where agent.isLive && agent.progress.isStuck(now: now) {
      agents[key]?.wedgedUntil = now + Self.quarantine
      // Said once a session.
      agents[key]?.progress = ProgressWatch(patience: patience, now: now)
      found.append(key)
    }
    return found.sorted()
  }

  /// Agents without a session whose assignments are still theirs.
  package func held(now: ContinuousClock.Instant) -> Set<Bytes32> {
    Set(agents.filter { !$0.value.isLive && ($0.value.heldUntil.map { $0 > now } ?? false) }.keys)
  }

  package func wedged(now: ContinuousClock.Instant) -> Set<Bytes32> {
    Set(agents.filter { isWedged($0.value, now) }.keys)
  }

  /// One agent's part of ``held(now:)`` and ``wedged(now:)``.
  package func standing(of key: Bytes32, now: ContinuousClock.Instant) -> AgentStanding {
    guard let agent = agents[key] else { return .free }
    if isWedged(agent, now) { return .wedged }
    return !agent.isLive && (agent.heldUntil.map { $0 > now } ?? false) ? .held : .free
  }

  package func state(of key: Bytes32, now: ContinuousClock.Instant) -> AgentState {
    guard let agent = agents[key] else { return .offline }
    if isWedged(agent, now) { return .wedged }
    if agent.isLive { return .online }
    return agent.heldUntil.map { $0 > now } ?? false ? .away : .offline
  }

  private func isWedged(_ agent: Agent, _ now: ContinuousClock.Instant) -> Bool {
    agent.wedgedUntil.map { $0 > now } ?? false
  }
}

/// How an agent is, for the operator.
package enum AgentState: String, Sendable, Hashable {
  case online
  /// Its line broke a moment ago; its assignments wait for it.
  case away
  /// Connected, or connected a moment ago, and nothing moved: its work went to others.
  case wedged
  case offline
  /// Enrolled, and waits for the operator's approval.
  case pending
}
