import Bytes
import FramedRPC
import Logging
import RPCTransport
import SecureChannel

/// A session of ours, encrypted as always.
struct SessionEcho: EchoClient {
  let session: RPCSession

  /// - Parameter line: what ``EchoServer/start(padding:logger:)`` gave.
  static func connect(_ line: String, padding: Bool, logger: Logger) async throws -> SessionEcho {
    let parts = line.split(separator: " ")
    guard parts.count == 2, let port = Int(parts[0]),
      let bytes = try? KeyText.decode(String(parts[1]), as: .serverPublic),
      let key = Bytes32(bytes)
    else { throw EchoServerLost() }
    let session = try await RPCClient.connect(
      to: CoordinatorAddress(host: "127.0.0.1", port: port, serverKeys: [key]), serverKey: key,
      agentKey: StaticKeyPair(owner: .agent),
      offer: AgentOffer(
        instance: [UInt8](repeating: 1, count: 16), agentVersion: "bench", agentName: "bench"),
      records: RecordSettings(padding: padding), logger: logger)
    return SessionEcho(session: session)
  }

  func close() { session.close() }

  func call(_ message: [UInt8]) async throws -> [UInt8] {
    try await session.call(Echo.call, message)
  }

  func withStream(
    _ body:
      @escaping @Sendable (MessageWriter<[UInt8]>, MessageReader<[UInt8]>) async throws ->
      Void
  ) async throws {
    try await session.withStream(Echo.stream) { try await body($0, $1) }
  }
}

extension MessageWriter<[UInt8]>: EchoWriter {}

/// The server's process ended before it said where it listens.
package struct EchoServerLost: Error, CustomStringConvertible {
  package let description = "the benchmark's server did not start"
}
