import Foundation
import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle
import StellarXDR

/// A Stellar RPC server over a chain of its own, with KALE's contracts and ours on it.
///
/// Clients cannot tell it from a real node for the methods it serves. One devnet runs once.
package actor Devnet: Service {
  private let settings: DevnetSettings
  private let logger: Logger
  /// The chain, also without HTTP.
  package nonisolated let node: DevnetNode
  private var port: Result<Int, any Error>?
  private var portWaiters: [CheckedContinuation<Int, any Error>] = []

  /// Throws where the settings make no sense.
  package init(_ settings: DevnetSettings, logger: Logger) throws(DevnetError) {
    try settings.check()
    self.settings = settings
    self.logger = logger
    let time = settings.genesisTime ?? UInt64(Date().timeIntervalSince1970)
    node = DevnetNode(DevnetLedger(settings, time: time))
  }

  /// Serves and closes ledgers until graceful shutdown or cancellation. Throws ``DevnetError`` where
  /// it cannot listen.
  package func run() async throws {
    let group = ServiceGroup(
      services: [server(), LedgerTimer(node: node, settings: settings)], logger: logger)
    let running = Task { try await group.run() }
    do {
      try await withTaskCancellationHandler {
        try await withGracefulShutdownHandler {
          try await running.value
        } onGracefulShutdown: {
          Task { await group.triggerGracefulShutdown() }
        }
      } onCancel: {
        Task { await group.triggerGracefulShutdown() }
      }
      settle(.failure(CancellationError()))
    } catch {
      let error = startError(error)
      settle(.failure(error))
      throw error
    }
  }

  /// The port it listens on, as soon as it does; throws what ``run()`` failed with.
  package func boundPort() async throws -> Int {
    if let port { return try port.get() }
    return try await withCheckedThrowingContinuation { portWaiters.append($0) }
  }

  private func server() -> some Service {
    Application(
      responder: DevnetResponder(devnet: self),
      configuration: .init(address: .hostname(settings.host, port: settings.port)),
      onServerRunning: { [settings] channel in
        await self.settle(.success(channel.localAddress?.port ?? settings.port))
      },
      logger: logger)
  }

  /// Answers one request; the methods need the port, which is known by then.
  fileprivate nonisolated func rpcServer() async throws -> RPCServer {
    let port = try await boundPort()
    return RPCServer(
      methods: RPCMethods(
        node: node, settings: settings, network: .devnet,
        friendbotURL: "http://\(settings.host):\(port)/friendbot"))
  }

  private func settle(_ result: Result<Int, any Error>) {
    guard port == nil else { return }
    port = result
    for waiter in portWaiters { waiter.resume(with: result) }
    portWaiters = []
  }

  /// What the operator can act on, where the socket could not be had.
  private func startError(_ error: any Error) -> any Error {
    guard port == nil else { return error }
    let place = "\(settings.host):\(settings.port)"
    guard let error = error as? IOError, error.errnoCode == EADDRINUSE else {
      return DevnetError(
        .cannotListen,
        "the devnet cannot listen on \(place): choose an address of this machine and a port from 1024 on",
        cause: error)
    }
    return DevnetError(
      .portInUse,
      "\(place) is in use: stop the program that holds it, or give the devnet another port",
      cause: error)
  }
}

/// Hands requests to the RPC.
private struct DevnetResponder: HTTPResponder {
  let devnet: Devnet

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    try await devnet.rpcServer().respond(to: request)
  }
}
