import Bytes
package import Logging
package import RPCTransport
import SecureChannel

/// The server's half: a process of its own.
package enum EchoServer {
  /// Starts; gives the line that tells the client's half how to come here: port and key.
  package static func start(padding: Bool, logger: Logger) async throws -> (
    server: RPCServer, line: String
  ) {
    let key = StaticKeyPair(owner: .server)
    var settings = RPCServerSettings()
    settings.records.padding = padding
    var services = RPCServices()
    services.handle(Echo.call, isShort: true) { message, _ in message }
    services.handle(Echo.stream, isShort: true) { messages, writer, _ in
      for try await message in messages { try await writer.write(message) }
    }
    let server = RPCServer(
      settings: settings, keys: [key], authority: AnyAgent(), services: services, logger: logger)
    let port = try await server.start()
    return (server, "\(port) \(KeyText.encode(.serverPublic, key.publicKey.bytes))")
  }

  private struct AnyAgent: AgentAuthority {
    func admit(_ claim: AgentClaim, from address: String) async -> Admission {
      Admission(.accepted)
    }

    func sessionOpened(_ session: AgentSession) async {}

    func sessionClosed(_ session: AgentSession, _ end: SessionEnd) async {}
  }
}
