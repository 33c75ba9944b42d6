import Foundation
import FramedRPC
import RPCBench
import RPCTransport
import SecureChannel
import Synchronization
import Testing

/// What a server does with peers that are wrong, silent or broken.
@Suite(.timeLimit(.minutes(1))) struct HostilePeerTests {
  let agent = StaticKeyPair(owner: .agent)

  /// A known agent's session, spoken by hand.
  struct Session {
    let peer: RawPeer
    var sealer: RecordSealer
    var opener: RecordOpener

    init(_ peer: RawPeer, _ serverKey: StaticKeyPair, _ agent: StaticKeyPair) throws {
      let keys = try peer.shakeHands(.test(serverKey, agent))
      self.peer = peer
      sealer = RecordSealer(key: keys.agentToServer, direction: .agentToServer)
      opener = RecordOpener(key: keys.serverToAgent, direction: .serverToAgent)
    }

    mutating func send(_ frames: [UInt8]) { peer.send(sealer.seal(frames)) }

    /// The next record's first frame, or nil where the server closed.
    mutating func next() throws -> Frame? {
      guard let plain = try peer.receive(&opener) else { return nil }
      var reader = FrameReader(plain)
      return try reader.next()
    }

    /// The code of the CLOSE that the server ends with, nil where it ends without.
    mutating func close() throws -> CloseCode? {
      var last: Frame?
      while let plain = try peer.receive(&opener) {
        var reader = FrameReader(plain)
        while let frame = try reader.next() { last = frame }
      }
      guard let last, last.type == FrameType.close.rawValue else { return nil }
      return CloseCode(rawValue: last.payload.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }
  }

  static let ping: [UInt8] = [6, 0, 0, 0, 0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]

  @Test(arguments: [
    [UInt8](repeating: 0x41, count: 192),
    Array("FSP".utf8) + [1] + [UInt8](repeating: 1, count: 188),
    [UInt8](repeating: 0, count: 2_000),
  ])
  func aFailedHandshakeIsMetWithSilence(_ junk: [UInt8]) async throws {
    try await Loopback.run(authority: TestAuthority()) { loopback in
      let answer = try await RawPeer.run(port: loopback.port) { peer in
        peer.send(junk)
        return peer.receive(1)
      }
      #expect(answer.isEmpty)
    }
  }

  /// All that an agent said, said again: its HELLO gets another WELCOME, and nothing more.
  @Test func aReplayedConversationLeadsNowhere() async throws {
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority) { loopback in
      let (key, agent) = (loopback.serverKey, agent)
      let (said, heard) = try await RawPeer.run(port: loopback.port) { peer in
        var handshake = AgentHandshake.test(key, agent)
        let hello = try handshake.start()
        peer.send(hello)
        let welcome = peer.receive(HandshakeMessage.welcome.bytes)
        let initiate = try handshake.receive(welcome: welcome)
        peer.send(initiate)
        let keys = try #require(
          try handshake.receive(ready: peer.receive(HandshakeMessage.ready.bytes)).keys)
        var sealer = RecordSealer(key: keys.agentToServer, direction: .agentToServer)
        return ([hello, initiate, sealer.seal(Self.ping)], welcome)
      }
      let again = try await RawPeer.run(port: loopback.port) { peer in
        peer.send(said[0])
        let welcome = peer.receive(HandshakeMessage.welcome.bytes)
        peer.send(said[1] + said[2])
        return (welcome, peer.receive(1))
      }
      #expect(again.0.count == HandshakeMessage.welcome.bytes && again.0 != heard)
      #expect(again.1.isEmpty)
      // On one connection too.
      let twice = try await RawPeer.run(port: loopback.port) { peer in
        peer.send(said[0] + said[0])
        return peer.receive(HandshakeMessage.welcome.bytes + 1)
      }
      #expect(twice.count == HandshakeMessage.welcome.bytes)
      #expect(authority.state.withLock { $0.open.count + $0.ends.count } == 1)
    }
  }

  enum Forgery: CaseIterable { case junk, repeated, reflected, afterALoss, ofAnotherSession }

  /// A record that is not the next one of this session and direction.
  @Test(arguments: Forgery.allCases)
  func aRecordThatDoesNotOpenEndsTheSession(_ forgery: Forgery) async throws {
    let other = StaticKeyPair(owner: .agent)
    let authority = TestAuthority(agents: [agent.publicKey, other.publicKey])
    try await Loopback.run(authority: authority) { loopback in
      let (key, agent) = (loopback.serverKey, agent)
      let spliced = try await RawPeer.run(port: loopback.port) { peer in
        var session = try Session(peer, key, other)
        return session.sealer.seal(Self.ping)
      }
      #expect(await authority.nextEnd()?.code == nil)
      let answer = try await RawPeer.run(port: loopback.port) { peer in
        var session = try Session(peer, key, agent)
        let first = session.sealer.seal(Self.ping)
        var reply: [UInt8] = []
        if forgery != .ofAnotherSession {
          peer.send(first)
          reply = peer.receive(RecordLimits.lengthBytes)
          reply += peer.receive(Int(reply[0]) << 8 | Int(reply[1]))
        }
        switch forgery {
        case .junk: peer.send([0, 40] + [UInt8](repeating: 7, count: 40))
        case .repeated: peer.send(first)
        case .reflected: peer.send(reply)
        case .afterALoss:
          _ = session.sealer.seal(Self.ping)
          peer.send(session.sealer.seal(Self.ping))
        case .ofAnotherSession: peer.send(spliced)
        }
        return peer.receive(1)
      }
      #expect(answer.isEmpty)
      let end = await authority.nextEnd()
      #expect(end?.code == nil && end?.reason.contains("does not open") == true)
    }
  }

  @Test(
    arguments: [
      ("an unknown type", .protocolError, [11, 0, 0, 0, 0, 0, 0, 0]),
      ("a credit that overflows", .credit, [5, 0, 0, 0, 0, 0, 0, 4, 127, 255, 255, 255]),
      (
        "a stream's credit that overflows", .credit,
        [1, 0, 0, 0, 0, 1, 0, 6, 0, 17, 0, 0, 0, 0]
          + [5, 0, 0, 0, 0, 1, 0, 4, 127, 255, 255, 255]
      ),
      (
        "credit again and again", .limit,
        Array(repeatElement([5, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 1], count: 17).joined())
      ),
      ("a flood of pings", .limit, Array(repeatElement(ping, count: 201).joined())),
    ] as [(String, CloseCode, [UInt8])])
  func aBreachIsAnsweredWithClose(_ name: String, _ code: CloseCode, _ frames: [UInt8]) async throws
  {
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority) { loopback in
      let (key, agent) = (loopback.serverKey, agent)
      let told = try await RawPeer.run(port: loopback.port) { peer in
        var session = try Session(peer, key, agent)
        session.send(frames)
        return try session.close()
      }
      #expect(told == code)
      #expect(await authority.nextEnd()?.code == code)
    }
  }

  @Test func aSilentAgentIsTakenForDead() async throws {
    var terms = SessionTerms()
    terms.pingIntervalMs = 50
    terms.deadAfterMs = 1_000
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority, terms: terms) { loopback in
      let (key, agent) = (loopback.serverKey, agent)
      let pings = try await RawPeer.run(port: loopback.port) { peer in
        var session = try Session(peer, key, agent)
        var pings = 0
        while let frame = try session.next() {
          if frame.type == FrameType.ping.rawValue { pings += 1 }
        }
        return pings
      }
      #expect(pings >= 1)
      let end = await authority.nextEnd()
      #expect(end?.code == nil && end?.reason.contains("no sign of life") == true)
    }
  }
}
