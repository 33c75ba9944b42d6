import Foundation
package import Logging
import NIOCore
import ServiceLifecycle
import StellarXDR

/// A network of Stellar RPC nodes over one chain of its own, with KALE's contracts and ours on it.
///
/// Clients cannot tell a node from a real one for the methods it serves, until faults are switched
/// on. One devnet runs once.
package actor Devnet: Service {
  private let settings: DevnetSettings
  private let logger: Logger
  /// The chain, also without HTTP.
  package nonisolated let chain: DevnetChain
  /// By node, once it listens.
  private var ports: [Int: Int] = [:]
  private var failure: (any Error)?
  private var portWaiters: [CheckedContinuation<[Int], any Error>] = []

  /// Throws where the settings make no sense.
  package init(_ settings: DevnetSettings, logger: Logger) throws(DevnetError) {
    try settings.check()
    self.settings = settings
    self.logger = logger
    let time = settings.genesisTime ?? UInt64(Date().timeIntervalSince1970)
    chain = DevnetChain(DevnetLedger(settings, time: time))
  }

  /// Serves and closes ledgers until graceful shutdown or cancellation. Throws ``DevnetError`` where
  /// it cannot listen.
  package func run() async throws {
    var services: [any Service] = settings.nodes.indices.map { listener($0 + 1) }
    services.append(LedgerTimer(chain: chain))
    let group = ServiceGroup(services: services, logger: logger)
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
      end(CancellationError())
    } catch {
      let error = startError(error)
      end(error)
      throw error
    }
  }

  /// The ports of all nodes in their order, as soon as all listen; throws what ``run()`` failed with.
  package func boundPorts() async throws -> [Int] {
    if let all = allPorts { return all }
    if let failure { throw failure }
    return try await withCheckedThrowingContinuation { portWaiters.append($0) }
  }

  /// The first node's port.
  package func boundPort() async throws -> Int { try await boundPorts()[0] }

  private var allPorts: [Int]? {
    let all = settings.nodes.indices.compactMap { ports[$0 + 1] }
    return all.count == settings.nodes.count ? all : nil
  }

  private func listener(_ number: Int) -> NodeListener {
    let place = settings.nodes[number - 1]
    let node = DevnetNode(chain: chain, number: number, lagLedgers: place.lagLedgers)
    return NodeListener(
      node: node, host: settings.host, port: place.port,
      rpc: { [settings] port in
        RPCServer(
          methods: RPCMethods(
            node: node, settings: settings, network: .devnet,
            friendbotURL: "http://\(settings.host):\(port)/friendbot"))
      },
      onListening: { port in await self.listens(number, at: port) }, logger: logger)
  }

  private func listens(_ number: Int, at port: Int) {
    ports[number] = port
    guard let all = allPorts else { return }
    for waiter in portWaiters { waiter.resume(returning: all) }
    portWaiters = []
  }

  private func end(_ error: any Error) {
    failure = error
    for waiter in portWaiters { waiter.resume(throwing: error) }
    portWaiters = []
  }

  /// What the operator can act on, where a socket could not be had.
  private func startError(_ error: any Error) -> any Error {
    guard allPorts == nil else { return error }
    let missing = settings.nodes.enumerated().filter { ports[$0.offset + 1] == nil }
    let places = missing.map { "\(settings.host):\($0.element.port)" }.joined(separator: " or ")
    guard let error = error as? IOError, error.errnoCode == EADDRINUSE else {
      return DevnetError(
        .cannotListen,
        "the devnet cannot listen on \(places): choose an address of this machine and ports from 1024 on",
        cause: error)
    }
    return DevnetError(
      .portInUse,
      "\(places) is in use: stop the program that holds it, or give the devnet another port",
      cause: error)
  }
}
