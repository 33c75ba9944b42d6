import Foundation
import FramedRPC
import SecureChannel

/// A peer that says exactly what a test wants: a plain blocking socket, on a thread of its own.
struct RawPeer {
  struct Failure: Error {}

  private let socket: CInt

  /// Runs `body` on a new thread, so that blocking it blocks nobody else.
  static func run<R: Sendable>(
    port: Int, _ body: @escaping @Sendable (RawPeer) throws -> R
  ) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(
          with: Result {
            let peer = try RawPeer(port: port)
            defer { close(peer.socket) }
            return try body(peer)
          })
      }
    }
  }

  private init(port: Int) throws {
    socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
    }
    guard status == 0 else { throw Failure() }
  }

  func send(_ bytes: [UInt8]) {
    _ = Glibc.send(socket, bytes, bytes.count, CInt(MSG_NOSIGNAL))
  }

  /// Exactly so many bytes, or fewer where the peer closed.
  func receive(_ count: Int) -> [UInt8] {
    var out: [UInt8] = []
    while out.count < count {
      var buffer = [UInt8](repeating: 0, count: count - out.count)
      let got = recv(socket, &buffer, buffer.count, 0)
      guard got > 0 else { break }
      out += buffer[0..<got]
    }
    return out
  }

  /// The handshake of a known agent; both directions' keys.
  func shakeHands(_ serverKey: StaticKeyPair, _ agent: StaticKeyPair) throws -> SessionKeys {
    var handshake = AgentHandshake(
      serverKey: serverKey.publicKey, agentKey: agent,
      offer: AgentOffer(
        instance: [UInt8](repeating: 2, count: 16), agentVersion: "raw", agentName: "raw"))
    send(try handshake.start())
    send(try handshake.receive(welcome: receive(160)))
    guard let keys = try handshake.receive(ready: receive(256)).keys else { throw Failure() }
    return keys
  }
}
