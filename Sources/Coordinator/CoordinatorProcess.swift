import Bridge
import Bytes
import Custody
package import Logging
import Pool
import Postgres
import RPCTransport
import SecureChannel
import ServiceLifecycle
import StellarClient
import Store
import UnixSignals

/// A coordinator from start to stop.
///
/// Started in this order and stopped in the reverse: database, journal, chain, agents' port, page.
package struct CoordinatorProcess: Sendable {
  let settings: CoordinatorSettings
  let version: String
  let log: Logger

  package init(settings: CoordinatorSettings, version: String, log: Logger) {
    self.settings = settings
    self.version = version
    self.log = log
  }

  /// Runs until SIGINT or SIGTERM, or until something fails that it cannot go on without.
  package func run() async throws {
    let folder = try DataFolder(settings.dataFolder)
    let serverKeys = try folder.serverKeys()
    let operatorToken = try folder.operatorTokenHash()
    let cluster: PrivateCluster? =
      settings.database == nil
      ? try await PrivateCluster.start(in: folder.database, log: log) : nil
    do {
      try await withStore(folder, cluster) { store, history in
        try await serve(
          store: store, history: history, keeper: try await keeper(folder, store),
          serverKeys: serverKeys, operatorToken: operatorToken, cluster: cluster)
      }
    } catch {
      await cluster?.stop()
      throw error
    }
    await cluster?.stop()
  }

  /// Opens the journal for `body` and closes it after, so that the database is stopped with nobody
  /// connected.
  private func withStore(
    _ folder: DataFolder, _ cluster: PrivateCluster?,
    _ body: (EventStore, History) async throws -> Void
  ) async throws {
    let dataFolder = settings.dataFolder
    var settings =
      cluster.map { StoreSettings($0) } ?? StoreSettings(database: settings.database ?? "")
    settings.seal = try JournalSeal(folder: dataFolder)
    settings.holder = DataFolder.holder(dataFolder)
    if cluster == nil {
      // Who stands by with another key would be found out only when it is needed.
      let seeds = try await EventStore.sealedSeeds(in: settings, log: log)
      if !seeds.isEmpty {
        try WalletKeeper.check(try folder.masterKeys(mayMake: false), open: seeds)
      }
    }
    let store = try await EventStore.open(settings, log: log)
    let history = History(settings)
    let result: Result<Void, any Error>
    do { result = .success(try await body(store, history)) } catch { result = .failure(error) }
    await history.close()
    await store.close()
    try result.get()
  }

  /// Nil without the master key: the pool then runs for those who look, takes nobody in and signs
  /// nothing, and says so. Not where the database is shared: another coordinator may have the key.
  private func keeper(_ folder: DataFolder, _ store: EventStore) async throws -> WalletKeeper? {
    let isNew = try await store.sealedSeeds().isEmpty
    do {
      // One that was lost is not made anew: it would not open what the old one sealed.
      let keys = try folder.masterKeys(mayMake: isNew)
      return try await WalletKeeper(keys: keys, store: store)
    } catch let error as CustodyError {
      if settings.database != nil, !isNew { throw error }
      log.critical(
        "no master key: sign-up is closed and no wallet can be used; set it and start again",
        metadata: ["reason": "\(error)"])
      return nil
    }
  }

  private func serve(
    store: EventStore, history: History, keeper: WalletKeeper?, serverKeys: [StaticKeyPair],
    operatorToken: Bytes32, cluster: PrivateCluster?
  ) async throws {
    let engine = try await PoolEngine(settings: settings.pool, journal: store, log: log)
    let pace = Pace()
    let chain = ChainService(
      settings: settings, version: version, engine: engine, keeper: keeper,
      history: history, pace: pace, log: log)
    let desk = AgentDesk(engine: engine, pace: pace, log: log)
    let agents = AgentServer(desk: desk, engine: engine, pace: pace, log: log)
    let server = RPCServer(
      settings: RPCServerSettings(host: settings.agentHost, port: settings.agentPort),
      keys: serverKeys, authority: agents, services: agents.services, logger: log)
    let desks = DeskSettings(network: settings.network)
    let audits = AuditBook()
    let farmers = FarmerDesk(
      engine: engine, keeper: keeper, history: history, pace: pace, payouts: chain.payouts,
      settings: desks, log: log)
    let operators = OperatorDesk(
      engine: engine, keeper: keeper, history: history, agentDesk: desk, auditor: chain.auditor,
      audits: audits, settings: desks)
    let health = HealthDesk(
      engine: engine, store: store, history: history, pace: pace, audits: audits, settings: desks,
      hasMasterKey: keeper != nil, nodes: { chain.rpc.nodes })
    let bridge = try BridgeServer(
      settings: BridgeSettings(
        host: settings.httpHost, port: settings.httpPort, publicOrigin: settings.publicOrigin,
        operatorTokenHash: operatorToken),
      pool: farmers, operators: operators, health: health, sessions: SessionDesk(store: store),
      clock: .system, logger: log)

    var services: [any Service] = [
      JournalWatch(store: store), ChainRunner(chain: chain),
      AgentListener(server: server, agents: agents, key: serverKeys[0], log: log), bridge,
    ]
    if let cluster {
      services.insert(DatabaseWatch(cluster: cluster), at: 0)
      services.append(
        DiskWatch(
          engine: engine, folder: settings.dataFolder, reserveBytes: settings.diskReserveBytes,
          log: log))
    }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
    try await group.run()
  }
}

/// Ends the coordinator when its private database ends: without it nothing can be recorded.
private struct DatabaseWatch: Service {
  let cluster: PrivateCluster

  func run() async throws {
    try await untilStopped {
      while true {
        try await Task.sleep(for: .milliseconds(200))
        if let end = cluster.end {
          throw CoordinatorError("the private database has ended (\(end)): see its log")
        }
      }
    }
  }
}

/// Ends the coordinator when its journal takes no more, such as when another one has taken over.
private struct JournalWatch: Service {
  let store: EventStore

  func run() async throws {
    try await untilStopped {
      while true {
        try await Task.sleep(for: .milliseconds(200))
        if let failure = store.failure { throw failure }
      }
    }
  }
}

/// The agents' port as a service.
private struct AgentListener: Service {
  let server: RPCServer
  let agents: AgentServer
  let key: StaticKeyPair
  let log: Logger

  func run() async throws {
    let port = try await server.start()
    log.info(
      "agents may connect", metadata: ["port": "\(port)", "server_key": "\(key.publicText)"])
    try await untilStopped { try await agents.watch(server) }
    await server.stop()
  }
}

/// The chain's side as a service.
private struct ChainRunner: Service {
  let chain: ChainService

  func run() async throws {
    try await untilStopped { try await chain.run() }
  }
}

/// Runs `body` until the service is asked to stop, which is no error.
func untilStopped(_ body: @Sendable @escaping () async throws -> Void) async throws {
  do {
    try await cancelWhenGracefulShutdown(body)
  } catch is CancellationError {
    // Asked to stop.
  }
}
