import Glibc
import Runtime
import SecureChannel
import Synchronization

/// Sockets that begin a handshake and never come to its end: a byte of HELLO a second (slow-loris).
///
/// Those that the server closes are opened again.
package final class HalfOpenSockets: Sendable {
  package struct Standing: Codable, Sendable, Hashable {
    package var open = 0
    /// Opened, all together.
    package var opened = 0
    package var closedByServer = 0
  }

  private let port: Int
  private let count: Int
  private let addresses: Int
  private let standing = Mutex(Standing())
  private let isOver = Atomic(false)

  /// - Parameters:
  ///   - count: how many are to be open at a time.
  ///   - addresses: how many addresses, each of its own network, they come from.
  package init(port: Int, count: Int, addresses: Int) {
    self.port = port
    self.count = count
    self.addresses = addresses
  }

  package var now: Standing { standing.withLock { $0 } }

  /// Runs until ``stop()``.
  package func start() { _ = OwnThread(name: "half-open") { self.run() } }

  /// Closes all within a moment.
  package func stop() { isOver.store(true, ordering: .relaxed) }

  private struct Peer {
    var socket: CInt
    var sent = 0
  }

  private func run() {
    let hello = Array("FSP".utf8) + [1] + [UInt8](repeating: 1, count: HandshakeMessage.hello.bytes)
    var peers: [Peer] = []
    var opened = 0
    var closed = 0
    var turn = 0
    while !isOver.load(ordering: .relaxed) {
      while peers.count < count, let peer = open(from: opened % addresses) {
        peers.append(peer)
        opened += 1
      }
      peers.removeAll { peer in
        guard !Self.isAlive(peer.socket) else { return false }
        close(peer.socket)
        closed += 1
        return true
      }
      if turn.isMultiple(of: 10) {
        for index in peers.indices where peers[index].sent < HandshakeMessage.hello.bytes - 1 {
          send(peers[index].socket, [hello[peers[index].sent]], 1, CInt(MSG_NOSIGNAL))
          peers[index].sent += 1
        }
      }
      let now = Standing(open: peers.count, opened: opened, closedByServer: closed)
      standing.withLock { $0 = now }
      turn += 1
      usleep(100_000)
    }
    for peer in peers { close(peer.socket) }
  }

  private func open(from network: Int) -> Peer? {
    let socket = LoopbackAddress(network: network).openSocket()
    guard socket >= 0 else { return nil }
    _ = fcntl(socket, F_SETFL, O_NONBLOCK)
    guard LoopbackAddress.connect(socket, port: port) == 0 || errno == EINPROGRESS else {
      close(socket)
      return nil
    }
    return Peer(socket: socket)
  }

  private static func isAlive(_ socket: CInt) -> Bool {
    var byte: UInt8 = 0
    let got = recv(socket, &byte, 1, 0)
    return got > 0 || got < 0 && errno == EAGAIN
  }
}
