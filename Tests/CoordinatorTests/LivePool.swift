import Bridge
import Bytes
import Coordinator
import Custody
import Devnet
import Foundation
import JSON
import KaleRules
import Pool
import PoolProtocol
import Sodium
import StellarClient
import StellarXDR
import Store
import Testing

/// A coordinator on a real devnet and a real database, with one agent that hashes nothing: it
/// delivers the first nonce of every assignment.
///
/// Five ledgers a wall second, 60 ledgers a block.
final class LivePool: Sendable {
  let database: StoreSettings
  let url: String
  let network = KaleNetwork.devnet
  let store: EventStore
  let history: History
  let engine: PoolEngine
  let farmers: FarmerDesk
  let operators: OperatorDesk
  let chain: ChainService
  private let desk: AgentDesk
  private let agent: Bytes32
  private let tasks: [Task<Void, any Error>]

  static let blockSeconds: Int64 = 300

  /// A devnet with farmers of nobody's, who open every block; ends with the test's task group.
  static func devnet() throws -> Devnet {
    var settings = DevnetSettings()
    settings.port = 0
    settings.blockSeconds = UInt64(blockSeconds)
    settings.speed = 25
    settings.outside.farmers = 2
    return try Devnet(settings, logger: quiet)
  }

  /// Runs `body` beside a devnet, with a master key.
  static func beside(_ body: (Devnet, MasterKeyRing) async throws -> Void) async throws {
    let path = "/tmp/kalepool-\(UUID().uuidString.prefix(8)).key"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try MasterKeyRing.createFile(path)
    let keys = try MasterKeyRing.load(.file(path))
    let devnet = try devnet()
    let running = Task { try await devnet.run() }
    let result: Result<Void, any Error>
    do { result = .success(try await body(devnet, keys)) } catch { result = .failure(error) }
    running.cancel()
    _ = await running.result
    try result.get()
  }

  init(
    devnet: Devnet, database: StoreSettings? = nil, keys: MasterKeyRing,
    configure: (inout CoordinatorSettings) -> Void = { _ in }
  ) async throws {
    if let database {
      self.database = database
    } else {
      self.database = try await ClusterTrait.database()
    }
    url = "http://127.0.0.1:\(try await devnet.boundPort())"
    store = try await EventStore.open(self.database, log: quiet)
    history = History(self.database)
    var settings = CoordinatorSettings(dataFolder: "/", network: network, rpcURLs: [url])
    settings.pollMilliseconds = 20
    settings.pool.blockSeconds = Self.blockSeconds
    // A restart between hand-over and the block's end takes some seconds of wall time.
    settings.pool.handOverLedgers = 25
    settings.pool.plantLedgersMin = 30
    configure(&settings)
    engine = try await PoolEngine(settings: settings.pool, journal: store, log: quiet)
    let keeper = try await WalletKeeper(keys: keys, store: store)
    let pace = Pace()
    chain = ChainService(
      settings: settings, version: "test", engine: engine, keeper: keeper, history: history,
      pace: pace, log: quiet)
    desk = AgentDesk(engine: engine, pace: pace, log: quiet)
    let desks = DeskSettings(network: network)
    farmers = FarmerDesk(
      engine: engine, keeper: keeper, history: history, pace: pace, payouts: chain.payouts,
      settings: desks, log: quiet)
    operators = OperatorDesk(
      engine: engine, keeper: keeper, history: history, agentDesk: desk, auditor: chain.auditor,
      audits: AuditBook(), settings: desks)
    agent = Office.agent
    let (chain, desk, engine, agent) = (chain, desk, engine, agent)
    tasks = [
      Task { try await chain.run() },
      Task { try await LivePool.hash(agent, desk, engine) },
    ]
  }

  /// Ends as a killed process would: nothing under way is waited for.
  func stop() async {
    for task in tasks { task.cancel() }
    for task in tasks { _ = await task.result }
    await engine.stop()
    await history.close()
    await store.close()
  }

  // MARK: - The agent

  private static func hash(
    _ agent: Bytes32, _ desk: AgentDesk, _ engine: PoolEngine
  ) async throws {
    var version: UInt64 = 0
    var connected = false
    for await change in await engine.changes() {
      guard case .ledger = change else { continue }
      guard await engine.read({ state, _ in state.agents[agent] != nil }) else { continue }
      if !connected {
        let session = SessionOpened(
          agent: agent, session: randomBytes(16), address: "test", version: "1")
        try await desk.connected(session, now: 1)
        connected = true
      }
      version += 1
      guard let set = await desk.assignments(of: agent, version: version) else { continue }
      try await desk.adopted(version: version, by: agent)
      for assignment in set.assignments where assignment.bestZeros == nil {
        let nonce = NonceFound(
          handle: assignment.handle, blockIndex: set.blockIndex,
          nonce: assignment.nonces.lowerBound, zeros: 0, hashesDone: 1)
        _ = try await desk.found(nonce, by: agent)
      }
    }
  }

  /// Asks for the block that can be planted next.
  func requestPlanting() async throws {
    let block = try #require(
      await engine.read { state, view in view.map { $0.farmIndex.next } })
    _ = try await desk.plant(PlantRequest(blockIndex: block.rawValue), from: agent)
  }

  // MARK: - People

  /// A pooler with our agent.
  func pooler() async throws -> API.PoolerID {
    try await wait("the treasury") { state in
      state.treasury.flatMap { state.wallets[$0] }?.isReady == true
    }
    let pooler = try await operators.createPooler(
      API.NewPooler(
        name: "ours", walletAddress: Office.outsider(200), shareBps: 5_000, maxFarmers: 10))
    try await engine.record([
      AgentEnrolled(
        agent: agent, pooler: pooler.id.rawValue, tokenKey: Office.key(1), name: "rig")
    ])
    return pooler.id
  }

  /// A farmer with a payout address that can receive, and a wallet that is not on chain yet.
  func register(_ number: Int) async throws -> API.Registered {
    let payout = try await account(UInt8(number))
    return try await farmers.register(
      API.Registration(
        handle: "farmer\(number)", passwordHash: "", payoutAddress: payout,
        custodyNotice: CustodyNotice.version, acceptedAt: API.Timestamp(unixSeconds: 0)))
  }

  /// Joins, and waits until the split contract has the terms.
  func join(
    _ farmer: API.FarmerID, _ pooler: API.PoolerID, harvestAfterBlocks: Int
  ) async throws {
    _ = try await farmers.join(
      farmer: farmer,
      API.JoinRequest(
        pooler: pooler, shareBps: 5_000, stakeBps: 2_000, harvestAfterBlocks: harvestAfterBlocks))
    try await wait("the terms") {
      $0.farmers[farmer.rawValue]?.agreement?.isConfirmed == true
    }
  }

  /// A pooler with our agent, and `count` farmers who have joined with 100 KALE each.
  func open(farmers count: Int, harvestAfterBlocks: Int) async throws -> [API.FarmerID] {
    let pooler = try await pooler()
    var ids: [API.FarmerID] = []
    for number in 0..<count {
      let made = try await register(number)
      try await fund(made.walletAddress)
      let farmer = made.farmer.rawValue
      try await wait("the trustline") { state in
        state.farmers[farmer].flatMap { state.wallets[$0.wallet] }?.isReady == true
      }
      try await grant(made.walletAddress)
      try await wait("the deposit") { state in
        (state.farmers[farmer].map { state.balance(.wallet($0.wallet), .kale) } ?? 0) > 0
      }
      try await join(made.farmer, pooler, harvestAfterBlocks: harvestAfterBlocks)
      ids.append(made.farmer)
    }
    return ids
  }

  /// An account of somebody's own, with XLM and a KALE trustline.
  func account(_ number: UInt8) async throws -> String {
    let pair = Self.outsider(number)
    try await fund(StrKey.account(pair.publicKey))
    try await send(KaleCalls(network).trustKale(), from: pair)
    return StrKey.account(pair.publicKey)
  }

  static func outsider(_ number: UInt8) -> Ed25519KeyPair {
    Ed25519KeyPair(seed: sha256([254, number]))
  }

  func fund(_ address: String) async throws {
    let answer = try await chain.http.send(HTTPRequest("GET", "\(url)/friendbot?addr=\(address)"))
    try #require(answer.status == 200, "\(answer.text)")
  }

  func grant(_ address: String) async throws {
    _ = try await chain.rpc.call(
      "devnet_grantKale", ["address": .string(address), "amount": "1000000000"])
  }

  /// Sends somebody's own operation and waits until it is in a ledger.
  func send(_ operation: StellarXDR.Operation, from pair: Ed25519KeyPair) async throws {
    let submitter = Submitter(
      network: network, rpc: chain.rpc, follower: chain.follower,
      signer: OwnSigner(pair: pair), journal: NoJournal(), logger: quiet)
    let outcome = try await submitter.submit(
      TransactionDraft(source: pair.publicKey, operation, purpose: "test"))
    guard case .succeeded = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  /// Waits until the pool's state is as described; looks at every ledger.
  func wait(
    _ what: String, until isSo: @Sendable (PoolState) -> Bool
  ) async throws {
    var ledgers = 0
    for await change in await engine.changes() {
      if await engine.read({ state, _ in isSo(state) }) { return }
      guard case .ledger = change else { continue }
      ledgers += 1
      try #require(ledgers < 400, "\(what) did not come in 400 ledgers")
    }
    Issue.record("the pool ended before \(what)")
  }
}

/// Signs for one account that is not the pool's.
private struct OwnSigner: TransactionSigner {
  let pair: Ed25519KeyPair

  func sign(
    transaction: Transaction, hash: Bytes32, account: AccountID
  ) async throws -> DecoratedSignature {
    DecoratedSignature(key: account, signature: pair.sign(hash.bytes))
  }

  func sign(
    feeBump: FeeBumpTransaction, hash: Bytes32, account: AccountID
  ) async throws -> DecoratedSignature {
    DecoratedSignature(key: account, signature: pair.sign(hash.bytes))
  }
}

/// Nothing of a stranger's is kept.
private struct NoJournal: IntentJournal {
  func store(_ intent: TransactionIntent) async throws {}
}
