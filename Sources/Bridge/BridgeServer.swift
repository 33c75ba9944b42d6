import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The JSON bridge and the page, listening.
///
/// One server runs once.
package actor BridgeServer: Service {
  private let core: BridgeCore
  private var port: Result<Int, any Error>?
  private var portWaiters: [CheckedContinuation<Int, any Error>] = []

  /// Listens when ``run()`` is called. Throws where the settings cannot be right.
  package init(
    settings: BridgeSettings, pool: any PoolService, operators: any OperatorService,
    health: any HealthService, sessions: any SessionStore, clock: BridgeClock = .system,
    logger: Logger
  ) throws(BridgeStartError) {
    core = try BridgeCore(
      settings: settings, pool: pool, operators: operators, health: health, sessions: sessions,
      clock: clock, logger: logger)
  }

  /// Serves until graceful shutdown or cancellation; both let requests in flight end, for
  /// ``BridgeSettings/shutdownGrace`` at most. Throws ``BridgeStartError`` where it cannot listen.
  package func run() async throws {
    let group = ServiceGroup(configuration: serviceConfiguration())
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

  private func serviceConfiguration() -> ServiceGroupConfiguration {
    let settings = core.settings
    var logger = core.logger
    logger[metadataKey: "part"] = "bridge"
    let application = Application(
      responder: BridgeResponder(core: core),
      server: .http1(
        configuration: .init(
          idleTimeout: .seconds(60),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64))),
      configuration: .init(
        address: .hostname(settings.host, port: settings.port),
        availableConnectionsDelegate: .maximum(Limits.connectionsMax, logger: logger)),
      onServerRunning: { channel in
        await self.settle(.success(channel.localAddress?.port ?? settings.port))
      },
      logger: logger)
    var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
    configuration.maximumGracefulShutdownDuration = settings.shutdownGrace
    return configuration
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
    let (host, number) = (core.settings.host, core.settings.port)
    guard let error = error as? IOError else {
      return BridgeStartError.cannotListen(host: host, port: number, cause: "\(error)")
    }
    switch error.errnoCode {
    case 98: return BridgeStartError.portBusy(host: host, port: number)  // EADDRINUSE
    case 13: return BridgeStartError.portForbidden(host: host, port: number)  // EACCES
    default:
      return BridgeStartError.cannotListen(host: host, port: number, cause: error.description)
    }
  }
}
