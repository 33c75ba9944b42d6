import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Serves one node at its address; while its door is shut, nothing listens there.
struct NodeListener: Service {
  let node: DevnetNode
  let host: String
  let port: Int
  let rpc: @Sendable (_ port: Int) -> RPCServer
  /// Called with the port whenever it is had.
  let onListening: @Sendable (Int) async -> Void
  let logger: Logger

  func run() async throws {
    var bound = port
    let doors = node.chain.doors
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      await cancelWhenGracefulShutdown { await doors.wait(node.number, isOpen: true) }
      guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
      let listening = bound
      // A port of the system's choice is kept.
      bound = try await withThrowingTaskGroup(of: Int?.self) { group in
        let (ports, teller) = AsyncStream.makeStream(of: Int.self)
        group.addTask {
          try await server(listening) { port in
            teller.yield(port)
            await onListening(port)
          }.run()
          return nil
        }
        group.addTask {
          for await port in ports {
            await cancelWhenGracefulShutdown { await doors.wait(node.number, isOpen: false) }
            return port
          }
          return nil
        }
        let first = try await group.next() ?? nil
        group.cancelAll()
        // Connections are cut: that they end so is no failure.
        while let result = await group.nextResult() {
          if case .failure(let error) = result, !(error is CancellationError) { throw error }
        }
        return first ?? listening
      }
    }
  }

  private func server(
    _ port: Int, onListening: @escaping @Sendable (Int) async -> Void
  ) -> some Service {
    // The server calls it an error when a door is shut; what is one is thrown.
    var logger = logger
    logger.logLevel = .critical
    return Application(
      responder: NodeResponder(rpc: rpc),
      configuration: .init(address: .hostname(host, port: port)),
      onServerRunning: { channel in await onListening(channel.localAddress?.port ?? port) },
      logger: logger)
  }
}

/// Hands requests to the RPC.
private struct NodeResponder: HTTPResponder {
  let rpc: @Sendable (_ port: Int) -> RPCServer

  func respond(to request: Request, context: NodeRequestContext) async throws -> Response {
    let port = context.channel.localAddress?.port ?? 0
    return try await rpc(port).respond(to: request, on: context.channel)
  }
}

/// With the connection, which a fault may cut.
struct NodeRequestContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: Source) {
    coreContext = .init(source: source)
    channel = source.channel
  }
}
