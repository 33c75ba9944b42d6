import Agent
import Bytes
import Foundation
import FramedRPC
import HashEngine
import Keccak
import PoolProtocol
import RPCTransport
import SecureChannel
import Testing

/// The whole agent against a coordinator's agents' side, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct AgentTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "kalepool-agent-\(UUID().uuidString)"
  ).path

  func agent(port: Int, key: Bytes32, token: EnrolmentToken?) throws -> Agent {
    var settings = AgentSettings(
      coordinators: [CoordinatorAddress(host: "127.0.0.1", port: port, serverKeys: [key])],
      name: "rig", version: "test")
    settings.token = token
    settings.hashing.threads = 1
    settings.hashing.isPinned = false
    return try Agent(
      settings: settings, keys: try AgentKeys(folder: folder), logger: FakePool.logger)
  }

  /// Leading hex zeros of the hash the farm contract makes.
  func zeros(of nonce: UInt64) -> Int {
    var message: [UInt8] = []
    for shift in stride(from: 24, through: 0, by: -8) {
      message.append(UInt8(truncatingIfNeeded: FakePool.block >> UInt32(shift)))
    }
    for shift in stride(from: 56, through: 0, by: -8) {
      message.append(UInt8(truncatingIfNeeded: nonce >> UInt64(shift)))
    }
    message += FakePool.entropy.bytes + FakePool.farmer.bytes
    return keccak256(message).description.prefix { $0 == "0" }.count
  }

  @Test func itEnrolsFarmsAndComesAgain() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let token = EnrolmentToken()
    let pool = FakePool(tokens: [token.publicKey])
    let server = pool.server()
    let port = try await server.start()
    let agent = try agent(port: port, key: pool.key.publicKey, token: token)
    let running = Task { try await agent.run() }

    let name = await pool.next { if case .connected(let name, nil) = $0 { name } else { nil } }
    #expect(name == "rig")
    // All of these come, in whatever order.
    var planted: UInt32?
    var adopted: UInt64?
    var nonce: NonceFound?
    var capacity: CapacityReport?
    for await seen in pool.seen {
      switch seen {
      case .planted(let block): planted = block
      case .adopted(let version): adopted = version
      case .found(let found): nonce = found
      case .capacity(let report): capacity = report
      default: break
      }
      if planted != nil, adopted != nil, nonce != nil, capacity != nil { break }
    }
    #expect(planted == FakePool.block && adopted == 3)
    #expect((capacity?.hashesPerSecond ?? 0) > 0)
    let found = try #require(nonce)
    #expect(found.handle == FakePool.handle && found.blockIndex == FakePool.block)
    #expect(zeros(of: found.nonce) == found.zeros)

    // Put out, it comes again, names its session, and says once more what it has.
    let session = try #require(server.sessions.first)
    #expect(server.disconnect(agentKey: session.agentKey, code: .age) == 1)
    let previous = await pool.next {
      if case .connected(_, let previous?) = $0 { previous } else { nil }
    }
    #expect(previous == session.id)
    let again = await pool.next { if case .found(let nonce) = $0 { nonce } else { nil } }
    #expect(zeros(of: try #require(again).nonce) == again?.zeros)
    #expect((again?.zeros ?? 0) >= found.zeros)

    // Asked to end, it says what it did and goes.
    agent.beginGracefulShutdown()
    let done = await pool.next { if case .done(let work) = $0 { work } else { nil } }
    #expect(done?.handle == FakePool.handle && (done?.hashesDone ?? 0) > 0)
    try await running.value
    await server.stop()
    #expect(try AgentKeys(folder: folder).wasAccepted)
  }

  @Test func aWrongServerKeyIsOneLine() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pool = FakePool(tokens: [])
    let server = pool.server()
    let port = try await server.start()
    let wrong = StaticKeyPair(owner: .server)
    let agent = try agent(port: port, key: wrong.publicKey, token: nil)
    await #expect { try await agent.run() } throws: {
      "\($0)".contains(wrong.publicText) && !"\($0)".contains("\n")
    }
    await server.stop()
  }

  @Test func aBadTokenIsOneLine() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pool = FakePool(tokens: [])
    let server = pool.server()
    let port = try await server.start()
    let agent = try agent(port: port, key: pool.key.publicKey, token: EnrolmentToken())
    await #expect { try await agent.run() } throws: {
      "\($0)".contains("ask for a new one") && !"\($0)".contains("\n")
    }
    await server.stop()
  }

  @Test func nobodyThereIsOneLine() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Port 1 is nobody's: a port that was just given back may be another test's by now.
    let agent = try agent(port: 1, key: FakePool(tokens: []).key.publicKey, token: nil)
    await #expect { try await agent.run() } throws: {
      "\($0)".contains("cannot be reached") && !"\($0)".contains("\n")
    }
  }
}
