/// The four messages of the handshake: their sizes and first bytes. Source: PROTOCOL.md,
/// "Handshake".
package enum HandshakeMessage: UInt8, Sendable {
  case hello = 1
  case welcome = 2
  case initiate = 3
  case ready = 4

  /// Exact size on the wire.
  package var bytes: Int {
    switch self {
    case .hello: 192
    case .welcome: 160
    case .initiate: 512
    case .ready: 256
    }
  }

  var head: [UInt8] { Array("FSP".utf8) + [rawValue] }

  /// Throws unless `message` has this kind's size and start.
  func check(_ message: [UInt8]) throws(HandshakeError) {
    guard message.count == bytes, Array(message[0..<4]) == head else {
      throw HandshakeError(.header, at: self)
    }
  }
}
