package import Bytes
import Logging
import Pool
package import PoolProtocol

/// Who is here, and whether work is done.
extension AgentDesk {
  /// Long enough for a line to come back.
  static let holdTimeMax = Duration.seconds(10)

  /// How long the assignments of a lost session wait for their agent: never more than a tenth of
  /// the time that others would have for them.
  var holdTime: Duration {
    get async {
      guard let (state, view) = await engine.stateAndView() else { return Self.holdTimeMax }
      let left = Duration.milliseconds(Int64(pace.remaining(in: view, state)))
      return min(Self.holdTimeMax, left / 10)
    }
  }

  /// Sessions of a run before this one: their agents may be back in a moment, and keep what they
  /// have until then.
  package func expectAgents() async throws {
    let agents = await engine.read { state, _ in
      Set(
        state.farmers.values.flatMap { farmer in
          farmer.plantings.values.compactMap { planting in
            planting.phase == .planted ? planting.assignment?.agent : nil
          }
        })
    }
    for agent in agents { presence.expect(agent, hold: Self.holdTimeMax, now: .now) }
    try await tellStanding()
  }

  /// Whether a known agent may come in now, and what is still its own.
  package func arrives(
    _ agent: Bytes32, previous: [UInt8]?, instance: [UInt8]
  ) async throws -> AgentPresence.Arrival {
    let arrival = presence.arrives(agent, previous: previous, instance: instance, now: .now)
    if case .cloned(_, isNew: true) = arrival {
      try await alert(
        agent, "two processes use the key of agent",
        "each takes the other's place; enrol one of them anew and revoke the key if it was stolen")
    }
    return arrival
  }

  /// A set is on its way to the agent.
  package func sends(_ set: AssignmentSet, to agent: Bytes32) {
    let until =
      set.assignments.isEmpty
      ? nil : ContinuousClock.now + .milliseconds(Int64(set.remainingMs))
    presence.sent(version: set.version, until: until, to: agent, now: .now)
  }

  /// To be called every second or so: takes work from whom it does not get on with and from whom
  /// has not come back. Gives the agents whose sessions are to be reset.
  package func lookAround() async throws -> [Bytes32] {
    let wedged = presence.newlyWedged(now: .now)
    try await tellStanding()
    for agent in wedged {
      try await alert(
        agent, "no progress for 15 s though it has work and answers: agent",
        "its work went to others where there are any; look at the machine")
    }
    return wedged
  }

  package func state(of agent: Bytes32) -> AgentState { presence.state(of: agent, now: .now) }

  func tellStanding() async throws {
    try await engine.agentsStand(
      held: presence.held(now: .now), wedged: presence.wedged(now: .now))
  }

  private func alert(_ agent: Bytes32, _ what: String, _ advice: String) async throws {
    let name = await engine.read { state, _ in state.agents[agent]?.name } ?? "?"
    log.warning("\(what) \(name): \(advice)")
    try await engine.record([Notice(level: "alert", text: "\(what) \(name): \(advice)")])
  }
}
