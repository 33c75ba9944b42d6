import Foundation
import FramedRPC
import RPCBench
import RPCTransport
import SecureChannel
import Testing

/// Held to the two seconds that a peer has for its last words: `deploy/test` runs it alone.
@Suite(.timeLimit(.minutes(1))) struct SlowConsumerTests {
  let agent = StaticKeyPair(owner: .agent)

  /// It speaks and does not listen; what it is owed and why it ends waits for it for a while.
  @Test func aSlowConsumerIsToldSo() async throws {
    var terms = SessionTerms()
    terms.pingIntervalMs = 100
    terms.deadAfterMs = 1_000
    // More than the kernel takes.
    terms.connectionCreditBytes = 16 << 20
    let authority = TestAuthority(agents: [agent.publicKey])
    try await Loopback.run(authority: authority, terms: terms, services: .blobs) { loopback in
      let (key, agent) = (loopback.serverKey, agent)
      let told = try await RawPeer.run(port: loopback.port, receiveBuffer: 65_536) { peer in
        var session = try HostilePeerTests.Session(peer, key, agent)
        // Two calls, each with half of the connection's credit to send.
        let headers: [UInt8] = [0, 6, 0, 72, 0, 0, 0, 0]
        for stream in [UInt8(1), 3] {
          session.send(
            [1, 0, 0, 0, 0, stream] + headers + [2, 2, 0, 0, 0, stream, 0, 1, 0])
        }
        for _ in 0..<15 {
          session.send(HostilePeerTests.ping)
          usleep(100_000)
        }
        return try session.close()
      }
      #expect(told == .slowConsumer)
      #expect(await authority.nextEnd()?.code == .slowConsumer)
    }
  }
}
