import Agent
import Bytes
import Foundation
import FramedRPC
import HashEngine
import PoolProtocol
import RPCTransport
import SecureChannel
import Testing

/// An agent with several coordinators, and keys that change while it runs; over real sockets.
@Suite(.timeLimit(.minutes(1))) struct FleetTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "kalepool-agent-\(UUID().uuidString)"
  ).path

  func agent(_ coordinators: [CoordinatorAddress]) throws -> Agent {
    var settings = AgentSettings(coordinators: coordinators, name: "rig", version: "test")
    settings.hashing.threads = 1
    settings.hashing.isPinned = false
    settings.reportInterval = .milliseconds(20)
    settings.returnAfter = .milliseconds(50)
    return try Agent(
      settings: settings, keys: try AgentKeys(folder: folder), logger: FakePool.logger)
  }

  /// This test's own: on it a port that was given back stays free.
  let host = "127.\(Int.random(in: 2...250)).\(Int.random(in: 0...250)).1"

  func address(_ port: Int, _ key: Bytes32) -> CoordinatorAddress {
    CoordinatorAddress(host: host, port: port, serverKeys: [key])
  }

  /// Runs `body` beside the agent and ends it in good order.
  func run(_ agent: Agent, _ body: () async throws -> Void) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let running = Task { try await agent.run() }
    try await body()
    agent.beginGracefulShutdown()
    try await running.value
  }

  @Test func theNextCoordinatorIsTriedAndTheFirstIsGoneBackTo() async throws {
    let own = try AgentKeys(folder: folder).pair.publicKey
    let first = FakePool(agents: [own])
    let second = FakePool(agents: [own])
    // A port that the first one has had and will have again.
    var firstServer = first.server(host: host)
    let firstPort = try await firstServer.start()
    await firstServer.stop()
    let secondServer = second.server(host: host)
    let secondPort = try await secondServer.start()
    let agent = try agent([
      address(firstPort, first.key.publicKey), address(secondPort, second.key.publicKey),
    ])
    try await run(agent) {
      let there = await second.next { if case .came(let key) = $0 { key } else { nil } }
      #expect(there == own)
      firstServer = first.server(host: host, port: firstPort)
      _ = try await firstServer.start()
      let back = await first.next { if case .came(let key) = $0 { key } else { nil } }
      #expect(back == own)
      // It works there, and has left the second.
      let adopted = await first.next { if case .adopted(let version) = $0 { version } else { nil } }
      #expect(adopted == 3)
      while !secondServer.sessions.isEmpty { await Task.yield() }
    }
    await firstServer.stop()
    await secondServer.stop()
  }

  @Test func aNextKeyIsOfferedUsedAndKept() async throws {
    let keys = try AgentKeys(folder: folder)
    let pool = FakePool(agents: [keys.pair.publicKey])
    let server = pool.server(host: host)
    let agent = try agent([address(try await server.start(), pool.key.publicKey)])
    let next = try keys.prepareNext().publicKey
    #expect(try keys.prepareNext().publicKey == next, "asked twice it is the same")
    try await run(agent) {
      let rotated = await pool.next { if case .rotated(let key) = $0 { key } else { nil } }
      #expect(rotated == next)
      let came = await pool.next { if case .came(let key) = $0, key == next { key } else { nil } }
      #expect(came == next)
      _ = await pool.next { if case .adopted = $0 { true } else { nil } }
      #expect(try AgentKeys(folder: folder).pair.publicKey == next)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(files == ["agent.accepted", "agent.key"])
    }
    await server.stop()
  }

  @Test func anOfferThatTheCoordinatorForgotIsMadeAgain() async throws {
    let keys = try AgentKeys(folder: folder)
    let pool = FakePool(agents: [keys.pair.publicKey])
    let server = pool.server(host: host)
    let agent = try agent([address(try await server.start(), pool.key.publicKey)])
    let next = try keys.prepareNext().publicKey
    // As after an offer to a database that was restored from before it.
    let path = AgentKeys.keyPath(in: folder)
    try FileManager.default.moveItem(atPath: path + ".next", toPath: path + ".offered")
    try await run(agent) {
      let rotated = await pool.next { if case .rotated(let key) = $0 { key } else { nil } }
      #expect(rotated == next)
      let came = await pool.next { if case .came(let key) = $0, key == next { key } else { nil } }
      #expect(came == next)
      _ = await pool.next { if case .adopted = $0 { true } else { nil } }
    }
    await server.stop()
  }

  @Test func anAnnouncedServerKeyIsPinnedForGood() async throws {
    let own = try AgentKeys(folder: folder).pair.publicKey
    let pool = FakePool(agents: [own])
    let next = StaticKeyPair(owner: .server)
    var server = pool.server(host: host, keys: [pool.key, next])
    let port = try await server.start()
    var agent = try agent([address(port, pool.key.publicKey)])
    let pins = folder + "/server.pins"
    try await run(agent) {
      _ = await pool.next { if case .came(let key) = $0 { key } else { nil } }
      while !FileManager.default.fileExists(atPath: pins) { await Task.yield() }
      #expect(
        try String(contentsOfFile: pins, encoding: .utf8)
          == "\(host):\(port) \(next.publicText)\n")
      // The old key is retired; the agent finds the coordinator by the next one.
      await server.stop()
      server = pool.server(host: host, port: port, keys: [next])
      _ = try await server.start()
      _ = await pool.next { if case .came(let key) = $0 { key } else { nil } }
      #expect(server.sessions.map(\.agentKey).allSatisfy { $0 == own })
      // Kept for this agent's last breath: the folder goes with the test.
      try FileManager.default.copyItem(atPath: folder, toPath: folder + "-copy")
    }
    // Another process with that folder knows it from the start.
    try FileManager.default.moveItem(atPath: folder + "-copy", toPath: folder)
    agent = try self.agent([address(port, pool.key.publicKey)])
    try await run(agent) {
      let came = await pool.next { if case .came(let key) = $0 { key } else { nil } }
      #expect(came == own)
    }
    await server.stop()
  }

  @Test func aFileOfPinsThatIsNoneIsOneLine() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try AgentKeys(folder: folder)
    try "# comment\nlocalhost:1 K\n".write(
      toFile: folder + "/server.pins", atomically: true, encoding: .utf8)
    #expect {
      _ = try agent([address(1, StaticKeyPair(owner: .server).publicKey)])
    } throws: {
      "\($0)".contains("localhost:1 K") && !"\($0)".contains("\n")
    }
  }
}
