import Bytes
import Foundation
import RPCBench
import RPCTransport
import Sodium
import Synchronization
import Testing

@testable import SecureChannel

/// Handshakes that fail before the vouch holds: nobody learns why, from bytes or from time.
///
/// `KALEPOOL_FULL_COUNTS` makes a thousand tries of each and holds their medians to a millisecond of
/// each other.
@Suite(.timeLimit(.minutes(10))) struct SilentFailureTests {
  /// What is wrong, by the message that the server does not answer.
  enum Fault: CaseIterable, Hashable {
    case junk, otherServerKey, forgedHello
    case knownKey, revokedKey, unknownKey, forgedInitiate

    var isOfHello: Bool { [.junk, .otherServerKey, .forgedHello].contains(self) }
  }

  struct Answered: Error {}

  static let isFull = ProcessInfo.processInfo.environment["KALEPOOL_FULL_COUNTS"] != nil
  static let tries = isFull ? 1_000 : 4
  static let atOnce = 32
  /// So that none is turned away for coming too often.
  static let addresses = 400

  let known = StaticKeyPair(owner: .agent)
  let revoked = StaticKeyPair(owner: .agent)

  @Test func nothingTellsWhy() async throws {
    let authority = TestAuthority(agents: [known.publicKey])
    authority.state.withLock { _ = $0.revoked.insert(revoked.publicKey) }
    try await Loopback.run(authority: authority) { loopback in
      var times: [Fault: [Duration]] = [:]
      let faults = (0..<Self.tries * Fault.allCases.count).map {
        ($0, Fault.allCases[$0 % Fault.allCases.count])
      }
      try await withThrowingTaskGroup(of: (Fault, Duration).self) { group in
        var rest = faults[...]
        func startOne() {
          guard let (number, fault) = rest.popFirst() else { return }
          group.addTask { (fault, try await fail(fault, number, loopback)) }
        }
        for _ in 0..<Self.atOnce { startOne() }
        while let (fault, time) = try await group.next() {
          times[fault, default: []].append(time)
          startOne()
        }
      }
      for stage in [true, false] {
        let medians = times.filter { $0.key.isOfHello == stage }.mapValues {
          $0.sorted()[$0.count / 2] / .milliseconds(1)
        }
        print("silent until the close, ms: \(medians)")
        #expect(medians.values.allSatisfy { $0 >= 1_000 })
        if Self.isFull { #expect((medians.values.max() ?? 0) - (medians.values.min() ?? 0) < 1) }
      }
      #expect(loopback.server.sessions.isEmpty && authority.state.withLock { $0.open.isEmpty })
    }
  }

  /// Time from the last byte of the failing message to the close; not a byte came in between.
  private func fail(_ fault: Fault, _ number: Int, _ loopback: Loopback) async throws -> Duration {
    let key = loopback.serverKey.publicKey
    let (known, revoked) = (known, revoked)
    return try await RawPeer.run(
      port: loopback.port, from: LoopbackAddress(network: number % Self.addresses)
    ) { peer in
      func timed(_ message: [UInt8]) throws -> Duration {
        let began = ContinuousClock.now
        peer.send(message)
        guard peer.receive(1).isEmpty else { throw Answered() }
        return .now - began
      }
      let agent = fault == .unknownKey ? StaticKeyPair(owner: .agent) : known
      let pinned = fault == .otherServerKey ? StaticKeyPair(owner: .server).publicKey : key
      var handshake = AgentHandshake(
        serverKey: pinned, agentKey: StaticKeyPair(owner: .agent),
        offer: AgentOffer(instance: randomBytes(16), agentVersion: "", agentName: ""))
      var hello = try handshake.start()
      switch fault {
      case .junk: return try timed(randomBytes(HandshakeMessage.hello.bytes))
      case .otherServerKey: return try timed(hello)
      case .forgedHello:
        hello[100] ^= 1
        return try timed(hello)
      case .knownKey, .revokedKey, .unknownKey, .forgedInitiate: break
      }
      peer.send(hello)
      var initiate = try handshake.receive(
        welcome: peer.receive(HandshakeMessage.welcome.bytes))
      if fault == .forgedInitiate {
        initiate[100] ^= 1
      } else {
        // Somebody's key, and a vouch that is not his.
        let claimed = fault == .revokedKey ? revoked.publicKey : agent.publicKey
        initiate = try Self.claiming(claimed, initiate, handshake.kee)
      }
      return try timed(initiate)
    }
  }

  private static func claiming(
    _ key: Bytes32, _ initiate: [UInt8], _ kee: [UInt8]
  ) throws -> [UInt8] {
    let nonce = BoxLabel.initiate.nonce()
    var plain = try #require(Box.open(initiate[4...], nonce: nonce, key: kee))
    plain.replaceSubrange(0..<32, with: key.bytes)
    return HandshakeMessage.initiate.head + Box.seal(plain, nonce: nonce, key: kee)
  }
}
