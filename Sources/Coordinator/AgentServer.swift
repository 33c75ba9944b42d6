import Bytes
import FramedRPC
import KaleRules
package import Logging
import Pool
import PoolProtocol
package import RPCTransport
package import SecureChannel

/// The agents' side of the coordinator: who may come in, and what their calls do.
package struct AgentServer: Sendable {
  let desk: AgentDesk
  let engine: PoolEngine
  let pace: Pace
  let log: Logger

  /// An agent of a pooler that has too many: others must leave first.
  static let crowdedRetryMs: UInt32 = 60_000

  package init(desk: AgentDesk, engine: PoolEngine, pace: Pace, log: Logger) {
    self.desk = desk
    self.engine = engine
    self.pace = pace
    self.log = log
  }

  /// The handlers of every method.
  package var services: RPCServices {
    var services = RPCServices()
    services.handle(Control.plant) { request, context in
      if let wait = await desk.lease(of: context.agentKey) {
        var error = RPCError(
          .resourceExhausted, "too many requests to plant; one a block is enough",
          detail: .overCapacity(limit: UInt32(PlantLease.calls)))
        error.retryAfterMs = UInt32(clamping: Int64(wait / .milliseconds(1)))
        throw error
      }
      do {
        return try await desk.plant(request, from: context.agentKey)
      } catch let error as PlantRefusal {
        throw error.status
      }
    }
    services.handle(Control.facts) { _, writer, _ in
      for await _ in latest(await engine.changes(), where: \.isLedger) {
        guard let facts = await facts() else { continue }
        try await writer.write(facts)
      }
    }
    services.handle(Control.rotateKey) { request, context in
      guard let next = context.nextKey(provedBy: request.proof) else {
        throw RPCError(.invalidArgument, "the proof of the next key does not hold")
      }
      return try await desk.offered(next, by: context.agentKey, now: WallClock.now)
    }
    services.handle(Control.serverKeys) { _, context in
      ServerKeysReply(keys: context.publicKeys)
    }
    services.handle(Work.assignments) { _, writer, context in
      try await sendAssignments(to: context.agentKey) { set in try await writer.write(set) }
    }
    services.handle(Work.nonces) { reports, writer, context in
      for try await report in reports {
        switch report {
        case .found(let nonce):
          if let pause = await desk.pause(of: context.agentKey) { try await Task.sleep(for: pause) }
          try await writer.write(try await desk.found(nonce, by: context.agentKey))
        case .done(let work): try await desk.done(work, by: context.agentKey)
        case .adopted(let version):
          try await desk.adopted(version: version, by: context.agentKey)
        }
      }
    }
    services.handle(Health.report) { report, context in
      await desk.reported(report, by: context.agentKey, now: WallClock.now)
      return HealthReply()
    }
    services.handle(Health.capacity) { capacity, context in
      try await desk.reported(capacity, by: context.agentKey)
      return CapacityReply()
    }
    handleReadiness(&services)
    return services
  }

  private func facts() async -> FarmFacts? {
    guard let (state, view) = await engine.stateAndView() else { return nil }
    let settings = state.settings
    return FarmFacts(
      ledgerSequence: view.ledger.rawValue, ledgerCloseTimeS: UInt64(max(0, view.closeTime)),
      blockIndex: view.farmIndex.rawValue, blockOpenedAtS: UInt64(max(0, view.openedAt)),
      blockSeconds: UInt32(clamping: settings.blockSeconds),
      ledgerIntervalMs: pace.milliseconds(settings.ledgerSeconds),
      nextOpenInMs: pace.milliseconds(view.openedAt + settings.blockSeconds - view.closeTime),
      accepting: !view.farmIsPaused)
  }

  /// Sends the agent's set whenever it differs from the last one sent.
  private func sendAssignments(
    to agent: Bytes32, _ send: (AssignmentSet) async throws -> Void
  ) async throws {
    var version: UInt64 = 0
    var last: AssignmentSet?
    for await _ in latest(await engine.changes(), where: \.concernsAssignments) {
      guard let set = await desk.assignments(of: agent, version: version + 1) else { continue }
      if let last, set.isAsGood(as: last) { continue }
      await desk.sends(set, to: agent)
      try await send(set)
      version = set.version
      last = set
    }
  }

  /// One item at once and one for each burst of changes that matter, however many they are.
  func latest(
    _ changes: AsyncStream<PoolChange>, where matters: @escaping @Sendable (PoolChange) -> Bool
  ) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    continuation.yield()
    let task = Task {
      for await change in changes where matters(change) { continuation.yield() }
      continuation.finish()
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }
}

extension AgentServer: AgentAuthority {
  package func admit(_ claim: AgentClaim, from address: String) async -> Admission {
    let token: Bytes32? =
      switch claim.token {
      case .holds(let key): key
      case .none, .broken: nil
      }
    do {
      let verdict = try await desk.admit(
        agent: claim.agentKey, token: token, name: claim.agentName, now: WallClock.now)
      if verdict == .unknownKey, claim.token == .broken { return Admission(.token) }
      guard verdict.opensSession else { return Admission(verdict) }
      var admission = Admission(verdict)
      if await desk.isCrowded(for: claim.agentKey) {
        log.warning(
          "a pooler has too many agents",
          metadata: ["most": "\(AgentDesk.sessionsPerPoolerMax)", "agent": "\(claim.agentName)"])
        admission.verdict = .overloaded
        admission.retryAfterMs = Self.crowdedRetryMs
        return admission
      }
      switch try await desk.arrives(
        claim.agentKey, previous: claim.previousSession, instance: claim.instance)
      {
      case .admitted(let resumed): admission.resumed = resumed
      case .cloned(let time, _):
        admission.verdict = .duplicate
        admission.retryAfterMs = UInt32(clamping: Int64(time / .milliseconds(1)))
      }
      admission.displayName = claim.agentName
      return admission
    } catch {
      log.error("an agent could not be looked up", metadata: ["error": "\(error)"])
      return Admission(.overloaded)
    }
  }

  package func sessionOpened(_ session: AgentSession) async {
    let event = SessionOpened(
      agent: session.agentKey, session: session.id, address: session.address,
      version: session.agentVersion)
    await logged {
      try await desk.connected(event, instance: session.instance, now: WallClock.now)
    }
  }

  package func sessionClosed(_ session: AgentSession, _ end: SessionEnd) async {
    let event = SessionClosed(
      agent: session.agentKey, session: session.id, reason: end.reason)
    await logged { try await desk.disconnected(event, holds: end.mayComeBack) }
  }

  private func logged(_ body: () async throws -> Void) async {
    do { try await body() } catch {
      log.error("an agent's session could not be recorded", metadata: ["error": "\(error)"])
    }
  }
}

extension SessionEnd {
  /// Whether the agent may be back in a moment.
  fileprivate var mayComeBack: Bool {
    switch code {
    case nil, .done, .age, .approved, .calm, .slowConsumer: true
    // An agent that says SHUTDOWN ends for good; the others are ours or a breach.
    case .shutdown, .replaced, .revoked, .dead, .protocolError, .credit, .limit, .internalError:
      false
    }
  }
}

extension PlantRefusal {
  /// As the agent is told.
  fileprivate var status: RPCError {
    switch self {
    case .notFollowing:
      var error = RPCError(.unavailable, "the coordinator does not follow the chain yet")
      error.retryAfterMs = 1_000
      return error
    case .unknownAgent:
      return RPCError(
        .permissionDenied, "this agent belongs to no pooler",
        detail: .notAuthorised(what: "Control.Plant"))
    case .staleBlock(let current):
      return RPCError(
        .failedPrecondition, "planting is for the open block \(current) or the next one",
        detail: .staleBlock(currentBlockIndex: current.rawValue))
    }
  }
}

extension PoolChange {
  fileprivate var isLedger: Bool { if case .ledger = self { true } else { false } }

  /// Assignments change with plants, works and blocks.
  fileprivate var concernsAssignments: Bool {
    switch self {
    case .assignments, .ledger: true
    case .farmer, .notice: false
    }
  }
}

extension AssignmentSet {
  /// Whether an agent that works on `other` has no need of this one.
  fileprivate func isAsGood(as other: AssignmentSet) -> Bool {
    guard blockIndex == other.blockIndex, maxZeros == other.maxZeros else { return false }
    return assignments.map(\.handle) == other.assignments.map(\.handle)
  }
}
