import Bytes
import Custody
import KaleRules
package import Logging
import Pool
package import StellarClient
import StellarXDR
package import Store
import Synchronization

/// The coordinator's side of the chain: follows ledgers, finds deposits, sends what is decided.
package struct ChainService: Sendable {
  let settings: CoordinatorSettings
  let version: String
  let engine: PoolEngine
  let keeper: WalletKeeper?
  let pace: Pace
  let log: Logger
  package let http: HTTPClient
  package let rpc: RPCClient
  let reader: KaleReader
  let sender: Sender

  package init(
    settings: CoordinatorSettings, version: String, engine: PoolEngine, keeper: WalletKeeper?,
    history: History, pace: Pace, log: Logger
  ) {
    self.settings = settings
    self.version = version
    self.engine = engine
    self.keeper = keeper
    self.pace = pace
    self.log = log
    http = HTTPClient()
    var nodes = RPCSettings(endpoints: settings.rpcURLs)
    // A node that hangs costs less than a ledger, however fast ledgers close.
    nodes.failoverTimeout = .milliseconds(min(2_000, max(250, settings.pollMilliseconds * 4)))
    nodes.requestsPerSecondMax = settings.rpcRequestsPerSecond
    rpc = RPCClient(nodes, http: http, logger: log)
    reader = KaleReader(rpc, network: settings.network)
    sender = Sender(
      settings: settings, engine: engine, keeper: keeper, rpc: rpc, reader: reader,
      history: history, book: NetworkBook(), log: log)
  }

  package var auditor: any ChainAuditor {
    Auditor(engine: engine, rpc: rpc, network: settings.network)
  }

  /// Whom to ask for the last ledger.
  package var follower: LedgerFollower { sender.follower }

  package var payouts: any PayoutChecker { ChainPayouts(reader: reader) }

  package func run() async throws {
    let friendbot = try await checkNetwork()
    try await learnEntryLedgers()
    let ledger = try await rpc.getLatestLedger()
    try await engine.record([
      CoordinatorStarted(
        version: version, ledger: ledger.sequence, ledgerCloseTime: Int64(ledger.closeTime))
    ])
    if let keeper {
      try await makeTreasury(keeper)
      await fundTreasury(friendbot)
      try await makeServiceWallets(keeper)
    }
    try await withThrowingDiscardingTaskGroup { group in
      for intent in await engine.unresolved() {
        group.addTask { try await sender.resolve(intent) }
      }
      group.addTask { await sender.follower.run() }
      group.addTask { try await LedgerWatch(self).run() }
      group.addTask { try await findDeposits() }
      for await submission in engine.submissions {
        group.addTask { try await sender.send(submission) }
      }
    }
  }

  private func learnEntryLedgers() async throws {
    guard settings.asksEntryLedgers, case let limits = try await rpc.getNetworkLimits(),
      !limits.missing.contains(.stateArchival)
    else { return }
    await engine.learn(entryLedgers: Int64(limits.temporaryTTLMin))
  }

  /// Whether the nodes are of the network that was asked for; gives its friendbot, where it has one.
  private func checkNetwork() async throws -> String? {
    var friendbot: String?
    var failures: [String] = []
    for (endpoint, answer) in await rpc.getNetworkOfEachNode() {
      let endpoint = NodeAddress.host(of: endpoint)
      switch answer {
      case .failure(let error): failures.append("\(endpoint): \(error)")
      case .success(let network):
        guard network.passphrase == settings.network.passphrase else {
          throw CoordinatorError(
            "\(endpoint) is of another network (\(network.passphrase)) than"
              + " \(settings.network.name): change --network or --rpc")
        }
        friendbot = friendbot ?? network.friendbotURL
      }
    }
    guard failures.count < settings.rpcURLs.count else {
      throw CoordinatorError(
        "no Stellar RPC node answers: \(failures.joined(separator: "; "))")
    }
    return friendbot
  }

  // MARK: - The treasury

  private func makeTreasury(_ keeper: WalletKeeper) async throws {
    guard await engine.state.treasury == nil else { return }
    let wallet = try await keeper.makeWallet(owner: 0, purpose: .treasury)
    try await engine.record([WalletMade(wallet: wallet, kind: .treasury, owner: 0)])
    log.notice(
      "the treasury needs XLM: send some",
      metadata: ["wallet": "\(StrKey.account(wallet))"])
  }

  /// Channels as many as are set, and the sponsor where one is wanted; the treasury makes their
  /// accounts when it can pay for them.
  private func makeServiceWallets(_ keeper: WalletKeeper) async throws {
    let wallets = await engine.state.wallets.values
    let channels = wallets.count { $0.kind == .channel }
    for number in stride(from: channels + 1, through: settings.channels, by: 1) {
      try await make(.channel, .channel, owner: Int64(number), keeper)
    }
    if settings.hasSponsor, !wallets.contains(where: { $0.kind == .sponsor }) {
      let sponsor = try await make(.sponsor, .sponsor, owner: 0, keeper)
      log.notice(
        "the sponsor's budget is what is sent to it",
        metadata: ["wallet": "\(StrKey.account(sponsor))"])
    }
  }

  @discardableResult
  private func make(
    _ purpose: WalletPurpose, _ kind: WalletKind, owner: Int64, _ keeper: WalletKeeper
  ) async throws -> Bytes32 {
    let wallet = try await keeper.makeWallet(owner: owner, purpose: purpose)
    try await engine.record([WalletMade(wallet: wallet, kind: kind, owner: owner)])
    return wallet
  }

  /// On test networks a friendbot gives the treasury its first XLM.
  private func fundTreasury(_ friendbot: String?) async {
    guard let friendbot, let treasury = await engine.state.treasury,
      (try? await reader.wallets([treasury])[treasury]) == nil
    else { return }
    let address = StrKey.account(treasury)
    do {
      let separator = friendbot.contains("?") ? "&" : "?"
      _ = try await http.send(HTTPRequest("GET", "\(friendbot)\(separator)addr=\(address)"))
    } catch {
      log.warning("the friendbot gave nothing", metadata: ["error": "\(error)"])
    }
  }

  // MARK: - Deposits

  private func findDeposits() async throws {
    var watch = DepositWatch(
      engine: engine, deposits: Deposits(rpc: rpc, network: settings.network), reader: reader,
      log: log)
    for await change in await engine.changes() {
      guard case .ledger(let ledger) = change else { continue }
      do {
        try await watch.look(at: ledger)
      } catch let error as StellarClient.RPCError {
        log.warning("deposits could not be read", metadata: ["error": "\(error)"])
      }
    }
  }
}
