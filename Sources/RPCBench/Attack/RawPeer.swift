import Glibc
import Runtime
package import SecureChannel

/// A peer that says exactly what it is told to: a plain blocking socket, on a thread of its own.
package struct RawPeer: Sendable {
  package struct Failure: Error {}

  private let socket: CInt

  /// Runs `body` on a new thread, so that blocking it blocks nobody else.
  ///
  /// - Parameters:
  ///   - local: the address of this machine to come from.
  ///   - receiveBuffer: bytes that the kernel may take for this peer; nil: as it likes.
  package static func run<R: Sendable>(
    port: Int, from local: LoopbackAddress = .first, receiveBuffer: CInt? = nil,
    _ body: @escaping @Sendable (RawPeer) throws -> R
  ) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      _ = OwnThread(name: "peer") {
        continuation.resume(
          with: Result {
            let peer = try RawPeer(port: port, from: local, receiveBuffer: receiveBuffer)
            defer { peer.close() }
            return try body(peer)
          })
      }
    }
  }

  package init(port: Int, from local: LoopbackAddress, receiveBuffer: CInt? = nil) throws(Failure) {
    socket = local.openSocket()
    if var receiveBuffer {
      setsockopt(
        socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<CInt>.size))
    }
    guard socket >= 0, LoopbackAddress.connect(socket, port: port) == 0 else {
      close()
      throw Failure()
    }
  }

  package func close() { if socket >= 0 { _ = Glibc.close(socket) } }

  package func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return }
      rest.removeFirst(sent)
    }
  }

  /// Exactly so many bytes, or fewer where the peer closed.
  package func receive(_ count: Int) -> [UInt8] {
    var out: [UInt8] = []
    while out.count < count {
      var buffer = [UInt8](repeating: 0, count: count - out.count)
      let got = recv(socket, &buffer, buffer.count, 0)
      guard got > 0 else { break }
      out += buffer[0..<got]
    }
    return out
  }

  /// The plain text of the next record, nil where the peer closed.
  package func receive(_ opener: inout RecordOpener) throws(RecordError) -> [UInt8]? {
    let length = receive(RecordLimits.lengthBytes)
    guard length.count == RecordLimits.lengthBytes else { return nil }
    let count = Int(length[0]) << 8 | Int(length[1])
    let box = receive(count)
    return box.count == count ? try opener.open(box) : nil
  }

  /// The handshake of an agent; both directions' keys.
  package func shakeHands(_ handshake: consuming AgentHandshake) throws -> SessionKeys {
    send(try handshake.start())
    send(try handshake.receive(welcome: receive(HandshakeMessage.welcome.bytes)))
    guard let keys = try handshake.receive(ready: receive(HandshakeMessage.ready.bytes)).keys
    else { throw Failure() }
    return keys
  }
}
