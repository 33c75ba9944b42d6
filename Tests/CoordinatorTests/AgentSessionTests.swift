import Bridge
import Bytes
import Coordinator
import FramedRPC
import KaleRules
import Pool
import PoolProtocol
import RPCTransport
import SecureChannel
import Sodium
import Testing

/// Agents over real sockets at a coordinator with a real database: who is stuck, who comes back,
/// who changes its key and who is put out.
@Suite(.cluster, .serialized, .timeLimit(.minutes(2))) struct AgentSessionTests {
  /// A coordinator's agents' port with one farmer's assignment to give.
  struct Place {
    let office: Office
    let desk: AgentDesk
    let server: RPCServer
    let key: StaticKeyPair
    let port: Int
    let pooler: API.PoolerID

    func connect(
      _ pair: StaticKeyPair, instance: UInt8 = 1, previous: [UInt8]? = nil,
      token: EnrolmentToken? = nil
    ) async throws -> RPCSession {
      var offer = AgentOffer(
        instance: [UInt8](repeating: instance, count: 16), agentVersion: "test", agentName: "rig")
      offer.previousSession = previous
      return try await RPCClient.connect(
        to: CoordinatorAddress(host: "127.0.0.1", port: port, serverKeys: [key.publicKey]),
        serverKey: key.publicKey, agentKey: pair, token: token, offer: offer, logger: quiet)
    }

    func enrol(_ pair: StaticKeyPair, _ number: UInt8) async throws {
      try await office.engine.record([
        AgentEnrolled(
          agent: pair.publicKey, pooler: pooler.rawValue, tokenKey: Office.key(number),
          name: "rig \(number)")
      ])
    }

    /// Plants for the farmer while the first agent is the only one.
    func plant() async throws {
      try await office.openBlock(after: 300)
      let block = office.view.farmIndex
      try await office.engine.decide { [pooler] state, _ in
        (
          (),
          [
            PlantRequested(
              block: block, pooler: pooler.rawValue, agent: Office.agent,
              farmers: state.ready(for: pooler.rawValue, block: block).count)
          ]
        )
      }
      try await office.ledger(nonces: false)
    }

    func state(of pair: StaticKeyPair) async -> AgentState { await desk.state(of: pair.publicKey) }
  }

  func run(
    patience: Duration = ProgressWatch.patience, _ body: (Place) async throws -> Void
  ) async throws {
    let office = try await Office()
    let pooler = try await office.pooler(online: false)
    _ = try await office.farming("anna", pooler)
    // The office's ledgers close in milliseconds; agents are told of real ones, so that there is
    // time to work.
    let pace = Pace()
    let desk = AgentDesk(
      engine: office.engine, pace: pace, presence: AgentPresence(patience: patience), log: quiet)
    let agents = AgentServer(desk: desk, engine: office.engine, pace: pace, log: quiet)
    let key = StaticKeyPair(owner: .server)
    let server = RPCServer(
      settings: RPCServerSettings(), keys: [key], authority: agents, services: agents.services,
      logger: quiet)
    let place = Place(
      office: office, desk: desk, server: server, key: key, port: try await server.start(),
      pooler: pooler)
    let watching = Task {
      do { try await agents.watch(server) } catch is CancellationError {} catch {
        Issue.record(error, "the watch over sessions ended")
      }
    }
    try await body(place)
    watching.cancel()
    await watching.value
    await server.stop()
    await office.close()
  }

  /// The first set with an assignment.
  func work(_ session: RPCSession) async throws -> AssignmentSet? {
    try await session.withStream(Work.assignments, AssignmentsRequest()) { sets in
      for try await set in sets where !set.assignments.isEmpty { return set }
      return nil
    }
  }

  @Test func aStuckAgentsWorkGoesToAnotherAndItsSessionEnds() async throws {
    try await run(patience: .milliseconds(500)) { place in
      let (stuck, good) = (StaticKeyPair(owner: .agent), StaticKeyPair(owner: .agent))
      try await place.enrol(stuck, 1)
      try await place.enrol(good, 2)
      let session = try await place.connect(stuck)
      try await place.plant()
      // It takes the set, adopts it, and from then on answers pings alone.
      let given = try await session.withStream(Work.nonces) { writer, _ in
        try await session.withStream(Work.assignments, AssignmentsRequest()) { sets in
          var given: AssignmentSet?
          for try await set in sets where !set.assignments.isEmpty {
            given = set
            try await writer.write(.adopted(version: set.version))
            break
          }
          let other = try await place.connect(good)
          async let moved = work(other)
          // The coordinator ends the stuck one's streams …
          await #expect { for try await _ in sets {} } throws: {
            ($0 as? RPCError)?.code == .unavailable
          }
          #expect(await place.state(of: stuck) == .wedged)
          // … hands its work to the other, with nonces of its own …
          let set = try await moved
          #expect(set?.assignments.map(\.farmerKey) == given?.assignments.map(\.farmerKey))
          #expect(set?.assignments.first?.nonces != given?.assignments.first?.nonces)
          #expect(await place.state(of: good) == .online)
          // … and ends its session, for it does not come anew by itself.
          #expect(await session.waitForEnd()?.code == .dead)
          return given
        }
      }
      #expect(given?.assignments.count == 1)
      // Back again, it stays marked, and keeps its hands off.
      _ = try await place.connect(stuck, previous: session.outcome.sessionID)
      #expect(await place.state(of: stuck) == .wedged)
    }
  }

  @Test func aLostSessionIsResumedWithItsWork() async throws {
    try await run { place in
      let (pair, other) = (StaticKeyPair(owner: .agent), StaticKeyPair(owner: .agent))
      try await place.enrol(pair, 1)
      try await place.enrol(other, 2)
      let session = try await place.connect(pair)
      #expect(!session.outcome.resumed)
      try await place.plant()
      let set = try await work(session)
      _ = try await place.connect(other)
      session.close()
      _ = await session.waitForEnd()
      while await place.state(of: pair) != .away { await Task.yield() }
      try await place.office.ledger(nonces: false)
      // Another process, or without its session, is not it.
      let again = try await place.connect(pair, previous: session.outcome.sessionID)
      #expect(again.outcome.resumed)
      let same = try await work(again)
      #expect(same?.assignments == set?.assignments)
      let stranger = try await place.connect(
        pair, instance: 2, previous: again.outcome.sessionID)
      #expect(!stranger.outcome.resumed)
      #expect(await again.waitForEnd()?.code == .replaced)
    }
  }

  @Test func whoLeavesForGoodIsNotWaitedFor() async throws {
    try await run { place in
      let (pair, other) = (StaticKeyPair(owner: .agent), StaticKeyPair(owner: .agent))
      try await place.enrol(pair, 1)
      try await place.enrol(other, 2)
      let session = try await place.connect(pair)
      try await place.plant()
      _ = try await work(session)
      let second = try await place.connect(other)
      session.close(.shutdown)
      #expect(try await work(second)?.assignments.count == 1)
      #expect(await place.state(of: pair) == .offline)
    }
  }

  @Test func anAgentWaitsForApproval() async throws {
    try await run { place in
      let (pair, token) = (StaticKeyPair(owner: .agent), EnrolmentToken())
      try await place.office.engine.record([
        EnrolmentIssued(
          tokenKey: token.publicKey, pooler: place.pooler.rawValue, expiresAt: .max,
          needsApproval: true)
      ])
      let waiting = try await place.connect(pair, token: token)
      #expect(waiting.outcome.verdict == .pending)
      await #expect {
        try await waiting.call(Control.plant, PlantRequest(blockIndex: 1))
      } throws: { ($0 as? RPCError)?.code == .permissionDenied }
      // It is nobody that could work, and stays so however often it comes.
      #expect(try await place.office.farmers.poolers().first?.online == false)
      let again = try await place.connect(pair)
      #expect(again.outcome.verdict == .pending)
      for _ in 0..<2 { try await place.office.operators.approveAgent(pair.publicText) }
      #expect(await again.waitForEnd()?.code == .approved)
      let session = try await place.connect(pair)
      #expect(session.outcome.verdict == .accepted)
      #expect(try await place.office.farmers.poolers().first?.online == true)
      try await place.plant()
      #expect(try await work(session)?.assignments.count == 1)
    }
  }

  @Test func aPoolerHasSoManySessionsAndNoMore() async throws {
    try await run { place in
      let agents = (0...AgentDesk.sessionsPerPoolerMax).map { _ in StaticKeyPair(owner: .agent) }
      try await place.office.engine.record(
        agents.map { agent in
          AgentEnrolled(
            agent: agent.publicKey, pooler: place.pooler.rawValue, tokenKey: agent.publicKey,
            name: "rig")
        })
      func opened(_ agent: StaticKeyPair) -> SessionOpened {
        SessionOpened(
          agent: agent.publicKey, session: Array(agent.publicKey.bytes.prefix(16)), address: "test",
          version: "test")
      }
      for agent in agents.dropLast() { try await place.desk.connected(opened(agent), now: 0) }
      let last = try #require(agents.last)
      await #expect {
        try await place.connect(last)
      } throws: {
        guard case .refused(.overloaded, let retryAfterMs)? = $0 as? ConnectError else {
          return false
        }
        return retryAfterMs > 0
      }
      // One that is in may come again; when one leaves there is room.
      #expect(await !place.desk.isCrowded(for: agents[0].publicKey))
      let leaving = opened(agents[0])
      try await place.desk.disconnected(
        SessionClosed(agent: leaving.agent, session: leaving.session, reason: "test"))
      #expect(try await place.connect(last).outcome.verdict == .accepted)
    }
  }

  @Test func aRevokedAgentIsPutOutAndStaysOut() async throws {
    try await run { place in
      let pair = StaticKeyPair(owner: .agent)
      try await place.enrol(pair, 1)
      let session = try await place.connect(pair)
      try await place.office.engine.record([AgentRevoked(agent: pair.publicKey, reason: "test")])
      let began = ContinuousClock.now
      #expect(await session.waitForEnd()?.code == .revoked)
      print("a revoked agent's session ended after \(ContinuousClock.now - began)")
      await #expect(throws: ConnectError.refused(.revoked, retryAfterMs: 0)) {
        try await place.connect(pair)
      }
    }
  }

  @Test func theNextKeyTakesTheOldOnesPlace() async throws {
    try await run { place in
      let (pair, next) = (StaticKeyPair(owner: .agent), StaticKeyPair(owner: .agent))
      try await place.enrol(pair, 1)
      let session = try await place.connect(pair)
      let keys = try await session.call(Control.serverKeys, ServerKeysRequest()).keys
      #expect(keys == [place.key.publicKey])
      await #expect(throws: ConnectError.refused(.unknownKey, retryAfterMs: 0)) {
        try await place.connect(next)
      }
      let proof = try #require(
        KeyRotation.make(
          next: next, agentKey: pair.publicKey, serverKey: session.serverKey,
          transcript: session.transcript))
      // Another session's proof is none.
      var wrong = proof
      wrong[127] ^= 1
      await #expect {
        try await session.call(Control.rotateKey, RotateKeyRequest(proof: wrong))
      } throws: { ($0 as? RPCError)?.code == .invalidArgument }
      let reply = try await session.call(Control.rotateKey, RotateKeyRequest(proof: proof))
      #expect(reply == (try await session.call(Control.rotateKey, RotateKeyRequest(proof: proof))))
      // Both are good until the next one is used.
      let renewed = try await place.connect(pair)
      let new = try await place.connect(next)
      #expect(await renewed.waitForEnd()?.code == .replaced)
      #expect(new.outcome.verdict == .accepted)
      await #expect(throws: ConnectError.refused(.revoked, retryAfterMs: 0)) {
        try await place.connect(pair)
      }
      #expect(await place.state(of: next) == .online)
      #expect(await place.state(of: pair) == .offline)
    }
  }

  @Test func whatIsServedIsDescribedAndReady() async throws {
    try await run { place in
      let pair = StaticKeyPair(owner: .agent)
      try await place.enrol(pair, 1)
      let session = try await place.connect(pair)
      let description = try await session.call(Reflection.describe, DescribeRequest())
      #expect(description == Description.pool)
      let whole = try await session.call(Readiness.check, ReadinessRequest())
      #expect(whole.status == .serving)
      await #expect {
        try await session.call(Readiness.check, ReadinessRequest(service: "Nothing"))
      } throws: { ($0 as? RPCError)?.code == .notFound }
      let watched = try await session.withStream(
        Readiness.watch, ReadinessRequest(service: "Work")
      ) { replies in
        for try await reply in replies { return reply.status }
        return .unspecified
      }
      #expect(watched == .serving)
    }
  }

  @Test func plantingIsAskedForWithinALease() async throws {
    try await run { place in
      let pair = StaticKeyPair(owner: .agent)
      try await place.enrol(pair, 1)
      let session = try await place.connect(pair)
      let block = place.office.view.farmIndex.rawValue
      for _ in 0..<PlantLease.calls {
        _ = try await session.call(Control.plant, PlantRequest(blockIndex: block))
      }
      // The twenty-first waits for its time, which the coordinator names: three seconds.
      await #expect {
        try await session.call(
          Control.plant, PlantRequest(blockIndex: block), deadline: .seconds(1))
      } throws: { error in
        guard let error = error as? RPCError else { return false }
        return error.code == .resourceExhausted && error.retryAfterMs > 0
          && error.detail == .overCapacity(limit: 20)
      }
    }
  }
}
