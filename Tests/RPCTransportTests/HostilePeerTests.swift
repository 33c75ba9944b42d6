import Foundation
import FramedRPC
import RPCTransport
import SecureChannel
import Testing

/// What a server does with peers that are wrong, silent or broken.
@Suite(.timeLimit(.minutes(1))) struct HostilePeerTests {
  let agent = StaticKeyPair(owner: .agent)

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

  @Test func aSilentAgentIsTakenForDead() async throws {
    var terms = SessionTerms()
    terms.pingIntervalMs = 50
    terms.deadAfterMs = 1_000
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority, terms: terms) { loopback in
      let (key, agent) = (loopback.serverKey, agent)
      let pings = try await RawPeer.run(port: loopback.port) { peer in
        let keys = try peer.shakeHands(key, agent)
        var opener = RecordOpener(key: keys.serverToAgent, direction: .serverToAgent)
        var pings = 0
        while true {
          let length = peer.receive(2)
          guard length.count == 2 else { return pings }
          let plain = try opener.open(peer.receive(Int(length[0]) << 8 | Int(length[1])))
          if plain[0] == FrameType.ping.rawValue { pings += 1 }
        }
      }
      #expect(pings >= 1)
      let end = await authority.nextEnd()
      #expect(end?.code == nil && end?.reason.contains("no sign of life") == true)
    }
  }

  @Test func aRecordThatDoesNotOpenEndsTheSession() async throws {
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority) { loopback in
      let (key, agent) = (loopback.serverKey, agent)
      let answer = try await RawPeer.run(port: loopback.port) { peer in
        _ = try peer.shakeHands(key, agent)
        peer.send([0, 40] + [UInt8](repeating: 7, count: 40))
        return peer.receive(1)
      }
      #expect(answer.isEmpty)
      #expect(await authority.nextEnd()?.code == nil)
    }
  }

  @Test func aBadFrameIsAnsweredWithClose() async throws {
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority) { loopback in
      let (key, agent) = (loopback.serverKey, agent)
      let frame = try await RawPeer.run(port: loopback.port) { peer in
        let keys = try peer.shakeHands(key, agent)
        var sealer = RecordSealer(key: keys.agentToServer, direction: .agentToServer)
        peer.send(sealer.seal([11, 0, 0, 0, 0, 0, 0, 0]))
        var opener = RecordOpener(key: keys.serverToAgent, direction: .serverToAgent)
        let length = peer.receive(2)
        guard length.count == 2 else { throw RawPeer.Failure() }
        let plain = try opener.open(peer.receive(Int(length[0]) << 8 | Int(length[1])))
        var reader = FrameReader(plain)
        return try reader.next()
      }
      #expect(frame?.type == FrameType.close.rawValue)
      #expect(frame.map { Array($0.payload.prefix(4)) } == [0, 0, 0, 1])
      #expect(await authority.nextEnd()?.code == .protocolError)
    }
  }
}
