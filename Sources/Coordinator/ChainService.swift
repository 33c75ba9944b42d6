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
  let keeper: WalletKeeper
  let pace: Pace
  let log: Logger
  package let http: HTTPClient
  package let rpc: RPCClient
  let reader: KaleReader
  let sender: Sender

  package init(
    settings: CoordinatorSettings, version: String, engine: PoolEngine, keeper: WalletKeeper,
    history: History, pace: Pace, log: Logger
  ) {
    self.settings = settings
    self.version = version
    self.engine = engine
    self.keeper = keeper
    self.pace = pace
    self.log = log
    http = HTTPClient()
    rpc = RPCClient(RPCSettings(endpoints: settings.rpcURLs), http: http, logger: log)
    reader = KaleReader(rpc, network: settings.network)
    sender = Sender(
      settings: settings, engine: engine, keeper: keeper, rpc: rpc, reader: reader,
      history: history,
      log: log)
  }

  package var auditor: any ChainAuditor {
    Auditor(engine: engine, rpc: rpc, network: settings.network)
  }

  /// Whom to ask for the last ledger.
  package var follower: LedgerFollower { sender.follower }

  package var payouts: any PayoutChecker { ChainPayouts(reader: reader) }

  package func run() async throws {
    let friendbot = try await checkNetwork()
    let ledger = try await rpc.getLatestLedger()
    try await engine.record([
      CoordinatorStarted(
        version: version, ledger: ledger.sequence, ledgerCloseTime: Int64(ledger.closeTime))
    ])
    try await makeTreasury()
    await fundTreasury(friendbot)
    try await withThrowingDiscardingTaskGroup { group in
      for intent in await engine.unresolved() {
        group.addTask { try await sender.resolve(intent) }
      }
      group.addTask { await sender.follower.run() }
      group.addTask { try await follow() }
      group.addTask { try await findDeposits() }
      for await submission in engine.submissions {
        group.addTask { try await sender.send(submission) }
      }
    }
  }

  /// Whether the node is of the network that was asked for; gives its friendbot, where it has one.
  private func checkNetwork() async throws -> String? {
    let network: NodeNetwork
    do {
      network = try await rpc.getNetwork()
    } catch {
      throw CoordinatorError(
        "no Stellar RPC node answers at \(settings.rpcURLs.joined(separator: ", ")): \(error)")
    }
    guard network.passphrase == settings.network.passphrase else {
      throw CoordinatorError(
        "the node is of another network (\(network.passphrase)) than \(settings.network.name):"
          + " change --network or --rpc")
    }
    return network.friendbotURL
  }

  // MARK: - The treasury

  private func makeTreasury() async throws {
    guard await engine.state.treasury == nil else { return }
    let wallet = try await keeper.makeWallet(owner: 0, purpose: .treasury)
    try await engine.record([WalletMade(wallet: wallet, kind: .treasury, owner: 0)])
    log.notice(
      "the treasury needs XLM: send some",
      metadata: ["wallet": "\(StrKey.account(wallet))"])
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

  // MARK: - Ledgers

  private func follow() async throws {
    let reader = ChainReader(reader: reader)
    for await tick in sender.follower.ticks() {
      pace.ledgerClosed(Int64(tick.closeTime))
      do {
        let (view, opened) = try await reader.view(at: tick, await engine.state)
        if let known = await engine.state.block?.block, view.farmIndex < known {
          log.warning("a node lags behind", metadata: ["its_block": "\(view.farmIndex)"])
          continue
        }
        if let opened {
          log.info("block opened", metadata: ["block": "\(opened.block)"])
          try await engine.record([opened])
        }
        try await engine.ledgerClosed(view)
      } catch let error as StellarClient.RPCError {
        log.warning("the chain could not be read", metadata: ["error": "\(error)"])
      }
    }
  }

  // MARK: - Deposits

  private func findDeposits() async throws {
    let deposits = Deposits(rpc: rpc, network: settings.network)
    var since = await engine.state.depositsSince
    for await change in await engine.changes() {
      guard case .ledger = change, let start = since else { continue }
      do {
        since = try await record(deposits, from: start)
      } catch let error as StellarClient.RPCError {
        log.warning("deposits could not be read", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Books the deposits from a ledger on; gives the ledger to begin with next time, which is read
  /// once more so that nothing falls between two calls.
  private func record(
    _ deposits: Deposits, from start: LedgerSequence
  ) async throws -> LedgerSequence {
    let wallets = await engine.state.wallets
    let open = wallets.values.filter { !$0.isClosed }.map(\.key).sorted()
    guard !open.isEmpty else { return start }
    let (found, through) = try await deposits.find(
      into: open, own: Set(wallets.keys), from: start)
    let new = try await engine.decide { state, _ in
      let new = found.filter { !state.depositsSeen.contains($0.chainEvent) }
      return (new, new)
    }
    for deposit in new {
      log.info(
        "deposit",
        metadata: [
          "wallet": "\(StrKey.account(deposit.wallet))", "asset": "\(deposit.asset.rawValue)",
          "stroops": "\(deposit.amount)",
        ])
    }
    if !new.isEmpty { try await engine.pump() }
    return max(start, through)
  }
}
