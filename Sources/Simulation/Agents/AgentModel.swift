import Bytes
import KaleRules
import Pool

/// A pooler's machine: asks, hashes, reports; and crashes, hangs, lies and repeats itself.
struct AgentModel {
  let key: Bytes32
  let pooler: PoolerID
  /// Rises when it dies: what it had in mind is void.
  var life = 0
  var isRunning = true
  var isRevoked = false
  var session: Int?
  /// Connected and answering, but no hash comes out until then.
  var wedgedUntil: Int64 = 0
  var slowUntil: Int64 = 0
  var asked: BlockIndex?
  var work: [AssignmentMade] = []
  var entropy = Bytes32.zero
  var wallets: [FarmerID: Bytes32] = [:]
  var best: [AssignmentMade: Int] = [:]
  var hashed: [AssignmentMade: UInt64] = [:]
  var lastFound: AgentMessage?
}

/// What an agent does at a moment.
enum AgentStep {
  case start
  case connect
  case facts(BlockIndex, opensIn: Int64, isPaused: Bool)
  case set([AssignmentMade], entropy: Bytes32, wallets: [FarmerID: Bytes32])
  case hash(round: Int, block: BlockIndex)
}

/// What an agent says.
enum AgentMessage {
  case plant(BlockIndex)
  case adopted([AssignmentMade])
  case found(AssignmentMade, nonce: UInt64, zeros: Int)
  case capacity(Int64)
  case closed
}

extension Simulation {
  func perform(_ step: AgentStep, agent number: Int, life: Int) {
    guard agents[number].life == life else { return }
    switch step {
    case .start:
      agents[number].isRunning = true
      connect(agent: number)
    case .connect: connect(agent: number)
    case .facts(let block, let opensIn, let isPaused):
      ask(number, block, opensIn, isPaused)
    case .set(let set, let entropy, let wallets): adopt(set, entropy, wallets, agent: number)
    case .hash(let round, let block): hash(round, block, agent: number)
    }
  }

  func next(_ milliseconds: ClosedRange<Int64>, _ step: AgentStep, agent: Int) {
    later(milliseconds, .agent(agent, life: agents[agent].life, step))
  }

  func say(_ message: AgentMessage, agent: Int, after: ClosedRange<Int64> = 5...200) {
    guard let session = agents[agent].session else { return }
    later(after, .hear(epoch: coordinator.epoch, session: session, message))
  }

  // MARK: - Sessions

  /// Opens a session, or tries again in a while.
  private func connect(agent number: Int) {
    guard agents[number].isRunning, agents[number].session == nil else { return }
    guard coordinator.isUp, !agents[number].isRevoked else {
      if !agents[number].isRevoked { next(500...8_000, .connect, agent: number) }
      return
    }
    let session = auditor.nextSession()
    agents[number].session = session
    agents[number].work = []
    coordinator.sessions[session] = CoordinatorModel.Session(agent: number, key: agents[number].key)
    coordinator.run.sessionOpened(agents[number].key)
    auditor.session(of: agents[number].pooler, change: 1, now: now)
    record(
      [
        SessionOpened(
          agent: agents[number].key,
          session: withUnsafeBytes(of: UInt64(session).bigEndian) { Array($0) },
          address: "simulated", version: "simulated")
      ], then: .pump)
    let rate = dice.int(1_000_000...40_000_000)
    say(.capacity(strikes(.capacityLied, 0.05) ? rate * 1_000 : rate), agent: number)
  }

  /// The coordinator is gone, or the connection is.
  func lost(agent number: Int) {
    guard agents[number].session != nil else { return }
    agents[number].session = nil
    agents[number].work = []
    if agents[number].isRunning { next(200...6_000, .connect, agent: number) }
  }

  /// The connection breaks. The coordinator hears of it at once, or by silence.
  func breakSession(agent number: Int, isSilent: Bool) {
    say(.closed, agent: number, after: isSilent ? 5_000...30_000 : 10...300)
    lost(agent: number)
  }

  func crash(agent number: Int, seconds: Int64) {
    breakSession(agent: number, isSilent: strikes(.sessionHalfOpen, 0.3))
    agents[number].life += 1
    agents[number].isRunning = false
    agents[number].session = nil
    agents[number].best = [:]
    agents[number].hashed = [:]
    agents[number].asked = nil
    timeline.add(
      .agent(number, life: agents[number].life, .start), at: now + 1_000 * seconds)
  }

  // MARK: - Asking for planting

  private func ask(_ number: Int, _ block: BlockIndex, _ opensIn: Int64, _ isPaused: Bool) {
    guard agents[number].session != nil, !isPaused else { return }
    misbehave(number)
    let wanted: BlockIndex
    if opensIn <= 16_000 {
      wanted = block.next
    } else if agents[number].asked.map({ $0 < block }) ?? true {
      wanted = block
    } else {
      return
    }
    if let asked = agents[number].asked, asked >= wanted {
      if strikes(.requestRepeated, 0.01) { say(.plant(wanted), agent: number) }
      return
    }
    agents[number].asked = wanted
    say(.plant(wanted), agent: number)
    if wanted > 2, strikes(.requestStale, 0.01) {
      say(.plant(BlockIndex(wanted.rawValue - 2)), agent: number)
    }
  }

  /// Once a ledger: whether this machine now goes wrong.
  private func misbehave(_ number: Int) {
    if strikes(.agentCrash, 0.0008) { return crash(agent: number, seconds: dice.int(3...400)) }
    if strikes(.sessionLost, 0.0015) { return breakSession(agent: number, isSilent: false) }
    if strikes(.sessionDoubled, 0.0008) { return breakSession(agent: number, isSilent: true) }
    if strikes(.agentWedged, 0.0006) {
      // Now and then all machines of a pooler, for some blocks.
      let isShared = dice.chance(0.4)
      let until = now + 1_000 * dice.int(isShared ? 600...2_400 : 60...700)
      for other in agents.indices
      where other == number || isShared && agents[other].pooler == agents[number].pooler {
        agents[other].wedgedUntil = until
      }
    }
    if strikes(.agentSlow, 0.0006) { agents[number].slowUntil = now + 1_000 * dice.int(60...700) }
    if number > 0, number + 1 == agents.count, agents.count > 2, strikes(.agentRevoked, 0.0001) {
      revoke(number)
    }
  }

  /// The operator revokes a key, and enrols the machine anew under another.
  private func revoke(_ number: Int) {
    let old = agents[number]
    breakSession(agent: number, isSilent: false)
    var new = AgentModel(key: dice.key(), pooler: old.pooler)
    new.life = old.life + 1
    agents[number] = new
    guard coordinator.isUp else { return }
    record(
      [AgentRevoked(agent: old.key, reason: "simulated")] + enrolment(of: new), then: .pump)
    next(10_000...60_000, .connect, agent: number)
  }

  func enrolment(of agent: AgentModel) -> [any PoolEvent] {
    let token = dice.key()
    return [
      EnrolmentIssued(tokenKey: token, pooler: agent.pooler, expiresAt: .max),
      AgentEnrolled(agent: agent.key, pooler: agent.pooler, tokenKey: token, name: "machine"),
    ]
  }
}
