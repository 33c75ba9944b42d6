import Bytes
import Testing

@testable import SecureChannel

@Suite struct HandshakeTests {
  let serverKey = StaticKeyPair(owner: .server)
  let agentKey = StaticKeyPair(owner: .agent)

  func agent(server: Bytes32? = nil, token: EnrolmentToken? = nil) -> AgentHandshake {
    AgentHandshake(
      serverKey: server ?? serverKey.publicKey, agentKey: agentKey, token: token,
      offer: AgentOffer(
        instance: [UInt8](repeating: 7, count: 16), agentVersion: "1.0", agentName: "rig"))
  }

  @Test func everyFlippedBitOfEveryMessageIsRefused() throws {
    var cases = 0
    for kind in [HandshakeMessage.hello, .welcome, .initiate, .ready] {
      for bit in 0..<kind.bytes * 8 {
        var agent = self.agent()
        var server = ServerHandshake(keys: [serverKey])
        var completed = false
        func flip(_ message: [UInt8], _ at: HandshakeMessage) -> [UInt8] {
          guard at == kind else { return message }
          var message = message
          message[bit / 8] ^= 1 << UInt8(bit % 8)
          return message
        }
        do {
          let welcome = try server.receive(hello: flip(agent.start(), .hello))
          let initiate = try agent.receive(welcome: flip(welcome, .welcome))
          _ = try server.receive(initiate: flip(initiate, .initiate))
          let ready = server.answer(ServerAnswer(verdict: .accepted)).ready
          _ = try agent.receive(ready: flip(ready, .ready))
          completed = true
        } catch {}
        cases += 1
        #expect(!completed, "bit \(bit) of \(kind)")
      }
    }
    #expect(cases == 8_960)
  }

  @Test func anotherServerKeyIsNotAnswered() throws {
    var agent = self.agent(server: StaticKeyPair(owner: .server).publicKey)
    var server = ServerHandshake(keys: [serverKey])
    let hello = try agent.start()
    #expect(throws: HandshakeError(.box, at: .hello)) { try server.receive(hello: hello) }
  }

  @Test func aTokenIsProvedAndBoundToThisHandshake() throws {
    let token = EnrolmentToken()
    var agent = self.agent(token: token)
    var server = ServerHandshake(keys: [serverKey])
    let claim = try server.receive(
      initiate: agent.receive(welcome: server.receive(hello: agent.start())))
    #expect(claim.token == .holds(token.publicKey))
    #expect(claim.previousSession == nil)
  }

  @Test func refusalsMakeNoKeys() throws {
    for verdict in [Verdict.unknownKey, .revoked, .token, .overloaded, .duplicate] {
      var agent = self.agent()
      var server = ServerHandshake(keys: [serverKey])
      _ = try server.receive(
        initiate: agent.receive(welcome: server.receive(hello: agent.start())))
      let (ready, sessionID, keys) = server.answer(ServerAnswer(verdict: verdict))
      #expect(keys == nil && sessionID.allSatisfy { $0 == 0 })
      let outcome = try agent.receive(ready: ready)
      #expect(outcome.verdict == verdict && outcome.keys == nil)
    }
  }

  @Test func recordsAreTakenOnceInOrderAndOneWay() throws {
    let key = [UInt8](repeating: 9, count: 32)
    var sealer = RecordSealer(key: key, direction: .agentToServer)
    let first = sealer.seal([UInt8](repeating: 1, count: 64))
    let second = sealer.seal([UInt8](repeating: 2, count: 64))
    var opener = RecordOpener(key: key, direction: .agentToServer)
    #expect(try opener.open(first[2...]) == [UInt8](repeating: 1, count: 64))
    #expect(throws: RecordError.badTag) { try opener.open(first[2...]) }
    var skipping = RecordOpener(key: key, direction: .agentToServer)
    #expect(throws: RecordError.badTag) { try skipping.open(second[2...]) }
    var reflected = RecordOpener(key: key, direction: .serverToAgent)
    #expect(throws: RecordError.badTag) { try reflected.open(first[2...]) }
    var short = RecordOpener(key: key, direction: .agentToServer)
    #expect(throws: RecordError.badTag) { try short.open([UInt8](repeating: 0, count: 23)) }
  }

  @Test func paddingHasElevenSizes() {
    var sizes: Set<Int> = []
    for count in [8, 63, 64, 65, 128, 129, 1_000, 5_000, 32_768, 32_769, 65_519] {
      var plain = [UInt8](repeating: 3, count: count)
      Padding.pad(&plain)
      #expect(plain.count >= count && plain.dropFirst(count).allSatisfy { $0 == 0 })
      sizes.insert(plain.count)
    }
    #expect(
      sizes.isSubset(of: [64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_519]))
  }
}
