import Bytes
import FramedRPC
import PoolProtocol
import RPCTransport
import SecureChannel
import Synchronization
import Testing

/// Who gets in, and who is put out.
@Suite(.timeLimit(.minutes(1))) struct AdmissionTests {
  let agent = StaticKeyPair(owner: .agent)

  @Test func anUnknownKeyIsRefused() async throws {
    try await Loopback.run(authority: TestAuthority()) { loopback in
      await #expect(throws: ConnectError.refused(.unknownKey, retryAfterMs: 0)) {
        _ = try await loopback.connect(agent)
      }
      #expect(loopback.server.sessions.isEmpty)
    }
  }

  @Test func aServerWithAnotherKeyIsNotTalkedTo() async throws {
    try await Loopback.run(authority: TestAuthority(agents: [agent.publicKey])) { loopback in
      await #expect(throws: ConnectError.noWelcome) {
        _ = try await loopback.connect(
          agent, serverKey: StaticKeyPair(owner: .server).publicKey)
      }
    }
  }

  @Test func nobodyListens() async throws {
    // Port 1 is nobody's: a port that was just given back may be another test's by now.
    let address = CoordinatorAddress(
      host: "127.0.0.1", port: 1, serverKeys: [agent.publicKey])
    await #expect {
      _ = try await RPCClient.connect(
        to: address, serverKey: agent.publicKey, agentKey: agent,
        offer: AgentOffer(
          instance: [UInt8](repeating: 0, count: 16), agentVersion: "", agentName: ""),
        logger: Loopback.logger)
    } throws: { if case .unreachable? = $0 as? ConnectError { true } else { false } }
  }

  @Test func aTokenEnrolsOneKeyOnce() async throws {
    let token = EnrolmentToken()
    let other = StaticKeyPair(owner: .agent)
    try await Loopback.run(authority: TestAuthority(tokens: [token.publicKey])) { loopback in
      await #expect(throws: ConnectError.refused(.token, retryAfterMs: 0)) {
        _ = try await loopback.connect(other, token: EnrolmentToken())
      }
      let first = try await loopback.connect(agent, token: token)
      #expect(first.outcome.verdict == .accepted)
      await #expect(throws: ConnectError.refused(.token, retryAfterMs: 0)) {
        _ = try await loopback.connect(other, token: token)
      }
      // A READY that was lost does no harm: the key is known, the token not looked at.
      let again = try await loopback.connect(agent, token: token)
      #expect(again.outcome.verdict == .accepted)
    }
  }

  @Test func aRevokedKeyIsPutOut() async throws {
    try await Loopback.run(authority: TestAuthority(agents: [agent.publicKey])) { loopback in
      let session = try await loopback.connect(agent)
      loopback.authority.state.withLock { _ = $0.revoked.insert(agent.publicKey) }
      #expect(loopback.server.disconnect(agentKey: agent.publicKey, code: .revoked) == 1)
      #expect(await session.waitForEnd()?.code == .revoked)
      #expect(await loopback.authority.nextEnd()?.code == .revoked)
      await #expect(throws: ConnectError.refused(.revoked, retryAfterMs: 0)) {
        _ = try await loopback.connect(agent)
      }
      await #expect {
        try await session.call(Control.plant, PlantRequest(blockIndex: 1))
      } throws: { ($0 as? RPCError)?.code == .unavailable }
    }
  }

  @Test func theNewestConnectionOfAKeyWins() async throws {
    try await Loopback.run(authority: TestAuthority(agents: [agent.publicKey])) { loopback in
      let old = try await loopback.connect(agent)
      let new = try await loopback.connect(agent, previous: old.outcome.sessionID)
      #expect(await old.waitForEnd()?.code == .replaced)
      #expect(loopback.server.sessions.map(\.id) == [new.outcome.sessionID])
      _ = try await new.call(Control.plant, PlantRequest(blockIndex: 1))
    }
  }

  @Test func aServerThatStopsSaysSo() async throws {
    try await Loopback.run(authority: TestAuthority(agents: [agent.publicKey])) { loopback in
      let session = try await loopback.connect(agent)
      let open = Task {
        try await session.withStream(Work.nonces) { _, acks in for try await _ in acks {} }
      }
      _ = try await session.call(Control.plant, PlantRequest(blockIndex: 1))
      await loopback.server.stop()
      #expect(await session.waitForEnd()?.code == .shutdown)
      await #expect { try await open.value } throws: {
        ($0 as? RPCError)?.code == .unavailable
      }
    }
  }

  @Test func aBusyPortIsOneLine() async throws {
    try await Loopback.run(authority: TestAuthority()) { loopback in
      let second = RPCServer(
        settings: RPCServerSettings(port: loopback.port), keys: [loopback.serverKey],
        authority: loopback.authority, services: RPCServices(), logger: Loopback.logger)
      await #expect {
        _ = try await second.start()
      } throws: { "\($0)".contains("is in use") && !"\($0)".contains("\n") }
    }
  }
}
