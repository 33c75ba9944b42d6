import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// One connection of grpc-swift-2, in plain text.
final class GRPCEcho: EchoClient {
  typealias Transport = HTTP2ClientTransport.Posix
  typealias Replies = RPCAsyncSequence<[UInt8], any Error>

  private let client: GRPCClient<Transport>
  private let connections: Task<Void, any Error>

  init(port: Int) throws {
    let client = GRPCClient(
      transport: try Transport(
        target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext))
    self.client = client
    connections = Task { try await client.runConnections() }
  }

  func close() { connections.cancel() }

  func call(_ message: [UInt8]) async throws -> [UInt8] {
    try await client.unary(
      request: ClientRequest(message: message), descriptor: .call, serializer: BytesCoder(),
      deserializer: BytesCoder(), options: Self.options
    ) { try $0.message }
  }

  func withStream(_ body: @escaping @Sendable (RPCWriter<[UInt8]>, Replies) async throws -> Void)
    async throws
  {
    let (replies, giveReplies) = AsyncStream.makeStream(of: Replies.self)
    let (end, giveEnd) = AsyncStream.makeStream(of: Void.self)
    let request = StreamingClientRequest(of: [UInt8].self) { writer in
      defer { giveEnd.finish() }
      for await replies in replies { return try await body(writer, replies) }
    }
    try await client.bidirectionalStreaming(
      request: request, descriptor: .stream, serializer: BytesCoder(), deserializer: BytesCoder(),
      options: .defaults
    ) { response in
      giveReplies.yield(response.messages)
      giveReplies.finish()
      for await _ in end {}
    }
  }

  /// The pool's unary calls have a deadline always, so these have one too.
  private static let options: CallOptions = {
    var options = CallOptions.defaults
    options.timeout = .seconds(10)
    return options
  }()
}

extension RPCWriter<[UInt8]>: EchoWriter {}
