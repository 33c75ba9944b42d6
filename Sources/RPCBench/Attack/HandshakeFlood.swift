package import Bytes
import Glibc
import RPCTransport
import Runtime
import SecureChannel
import Sodium
import Synchronization

/// Handshakes as fast as a few threads make them, until it is over.
package final class HandshakeFlood: Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// Whole handshakes by keys that nobody enrolled: READY says so.
    case unknownAgents = "unknown-agents"
    /// A HELLO whose box does not open: never answered.
    case forgedHello = "forged-hello"
    /// Connections of one address, far above what an address may: closed unread.
    case oneAddress = "one-address"
  }

  package struct Standing: Sendable {
    /// Answered with READY, or closed.
    package var handled = 0
    /// Of these, connections that were closed unread.
    package var turnedAway = 0
  }

  /// On one machine the flood must leave the server its share, as it would from another.
  private static let niceness: CInt = 10

  private let kind: Kind
  private let port: Int
  private let serverKey: Bytes32
  private let addresses: Int
  private let standing = Mutex(Standing())
  private let next = Atomic(0)
  private let isOver = Atomic(false)
  /// As many as one address may have, so that whoever else comes from it is turned away.
  private let crowd: HalfOpenSockets?

  package init(_ kind: Kind, port: Int, serverKey: Bytes32, addresses: Int) {
    self.kind = kind
    self.port = port
    self.serverKey = serverKey
    self.addresses = addresses
    crowd =
      kind == .oneAddress
      ? HalfOpenSockets(
        port: port, count: TransportLimits.pendingHandshakesPerAddress, addresses: 1) : nil
  }

  package var now: Standing { standing.withLock { $0 } }

  package func start(threads: Int) {
    crowd?.start()
    for _ in 0..<threads {
      _ = OwnThread(name: "flood") {
        // Of this thread alone, as Linux has it.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
        while !self.isOver.load(ordering: .relaxed) { self.attempt() }
      }
    }
  }

  package func stop() {
    isOver.store(true, ordering: .relaxed)
    crowd?.stop()
  }

  private func attempt() {
    let number = next.wrappingAdd(1, ordering: .relaxed).newValue
    let local = LoopbackAddress(network: kind == .oneAddress ? 0 : number % addresses)
    guard let peer = try? RawPeer(port: port, from: local) else { return }
    defer { peer.close() }
    switch kind {
    case .unknownAgents:
      var handshake = AgentHandshake(
        serverKey: serverKey, agentKey: StaticKeyPair(owner: .agent),
        offer: AgentOffer(instance: randomBytes(16), agentVersion: "flood", agentName: "flood"))
      guard let hello = try? handshake.start() else { return }
      peer.send(hello)
      let welcome = peer.receive(HandshakeMessage.welcome.bytes)
      guard !welcome.isEmpty else { return count(turnedAway: true) }
      guard let initiate = try? handshake.receive(welcome: welcome) else { return }
      peer.send(initiate)
      guard peer.receive(HandshakeMessage.ready.bytes).count == HandshakeMessage.ready.bytes else {
        return
      }
      count(turnedAway: false)
    case .forgedHello:
      let hint = Blake2b.hash(serverKey.bytes)[0]
      peer.send(Array("FSP".utf8) + [1, 1, 1, hint, 0] + randomBytes(31) + [1] + randomBytes(152))
      count(turnedAway: false)
    case .oneAddress:
      if peer.receive(1).isEmpty { count(turnedAway: true) }
    }
  }

  private func count(turnedAway: Bool) {
    standing.withLock { standing in
      standing.handled += 1
      if turnedAway { standing.turnedAway += 1 }
    }
  }
}
