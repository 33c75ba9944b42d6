import Bridge
import Bytes
import Coordinator
import Custody
import Foundation
import KaleRules
import Pool
import Sodium
import StellarXDR
import Store
import Testing

/// A whole coordinator without sockets: real database, real engine, real desks, and a chain that
/// does in the same ledger what it is asked.
final class Office {
  let database: StoreSettings
  let store: EventStore
  let history: History
  let engine: PoolEngine
  let agents: AgentDesk
  let farmers: FarmerDesk
  let operators: OperatorDesk
  let health: HealthDesk
  let pace = Pace()
  let payouts = FixedPayouts()
  let auditor = FixedAuditor()
  /// A leaver whose payout address cannot receive, and why.
  var payoutProblem: (farmer: API.FarmerID, why: String)?
  private(set) var view = ChainView(
    ledger: 1_000, closeTime: 100_000, farmIndex: 10, openedAt: 100_000, farmIsPaused: false)
  private var submissions: AsyncStream<Submission>.Iterator
  private var transactions: UInt64 = 0
  private var deposits = 0
  /// What a harvest returns besides the stake.
  var reward: Int64 = 1_000_001
  /// What a transaction costs.
  let fee: Stroops = 40_000

  static let agent = key(101)

  /// Opens the office on a new database, or again on one that was used before.
  init(
    pool: PoolSettings = PoolSettings(), network: KaleNetwork = .devnet, hasKey: Bool = true,
    database: StoreSettings? = nil, isNew: Bool? = nil
  ) async throws {
    let isNew = isNew ?? (database == nil)
    if let database {
      self.database = database
    } else {
      self.database = try await ClusterTrait.database()
    }
    store = try await EventStore.open(self.database, log: quiet)
    history = History(self.database)
    engine = try await PoolEngine(settings: pool, journal: store, log: quiet)
    submissions = engine.submissions.makeAsyncIterator()
    let keeper = hasKey ? try await WalletKeeper(keys: Self.keys, store: store) : nil
    agents = AgentDesk(engine: engine, pace: pace, log: quiet)
    let settings = DeskSettings(network: network)
    farmers = FarmerDesk(
      engine: engine, keeper: keeper, history: history, pace: pace, payouts: payouts,
      settings: settings, log: quiet)
    let audits = AuditBook()
    operators = OperatorDesk(
      engine: engine, keeper: keeper, history: history, agentDesk: agents, auditor: auditor,
      audits: audits, settings: settings)
    health = HealthDesk(
      engine: engine, store: store, history: history, pace: pace, audits: audits,
      settings: settings, hasMasterKey: hasKey)
    if isNew {
      try await engine.record([
        CoordinatorStarted(version: "test", ledger: 1_000, ledgerCloseTime: 100_000)
      ])
    }
  }

  func close() async {
    await engine.stop()
    await history.close()
    await store.close()
  }

  private static let keys: MasterKeyRing = {
    let path = "/tmp/kalepool-\(UUID().uuidString.prefix(8)).key"
    defer { try? FileManager.default.removeItem(atPath: path) }
    // Both succeed for a new path in /tmp; where not, every test would be pointless.
    try! MasterKeyRing.createFile(path)  // see above
    return try! MasterKeyRing.load(.file(path))  // see above
  }()

  static func key(_ number: UInt8) -> Bytes32 { sha256([number]) }

  /// A new account of somebody outside of the pool.
  static func outsider(_ number: UInt8 = 0) -> String {
    var seed = Array(sha256([255, number]).bytes)
    return StrKey.account(
      seed.withUnsafeMutableBufferPointer { Ed25519.publicKey(seed: UnsafeBufferPointer($0)) })
  }

  // MARK: - People

  /// A pooler with a ready bond wallet; with an agent connected where wished.
  @discardableResult
  func pooler(
    _ name: String = "ours", shareBps: Int = 5_000, maxFarmers: Int = 100, online: Bool = true
  ) async throws -> API.PoolerID {
    let made = try await operators.createPooler(
      API.NewPooler(
        name: name, walletAddress: Self.outsider(200), shareBps: shareBps, maxFarmers: maxFarmers))
    let bond = try #require(
      await engine.read { state, _ in state.poolers[made.id.rawValue]?.bondWallet })
    try await engine.record([WalletReady(wallet: bond)])
    if online {
      try await engine.record([
        AgentEnrolled(
          agent: Self.agent, pooler: made.id.rawValue, tokenKey: Self.key(1), name: "rig"),
        CapacityReported(agent: Self.agent, hashesPerSecond: 1_000_000, threads: 2),
      ])
      try await agents.connected(
        SessionOpened(
          agent: Self.agent, session: [1], address: "127.0.0.1:1", version: "1"), now: 1)
    }
    return made.id
  }

  func register(
    _ handle: String = "anna", payout: String = Office.outsider()
  ) async throws -> API.FarmerID {
    try await farmers.register(
      API.Registration(
        handle: handle, passwordHash: "hash of \(handle)", payoutAddress: payout,
        custodyNotice: CustodyNotice.version, acceptedAt: API.Timestamp(unixSeconds: 0))
    ).farmer
  }

  func wallet(_ farmer: API.FarmerID) async throws -> Bytes32 {
    try #require(await engine.read { state, _ in state.farmers[farmer.rawValue]?.wallet })
  }

  /// A transfer seen on chain; the first XLM makes the account.
  func deposit(_ amount: Stroops, _ asset: BookAsset, to farmer: API.FarmerID) async throws {
    let wallet = try await wallet(farmer)
    deposits += 1
    try await engine.record([
      DepositSeen(
        wallet: wallet, asset: asset, amount: amount, sender: Self.outsider(),
        chainEvent: "event \(deposits)", ledger: view.ledger)
    ])
    if asset == .xlm { view.funded.insert(wallet) }
  }

  func join(
    _ farmer: API.FarmerID, _ pooler: API.PoolerID, shareBps: Int = 5_000, stakeBps: Int = 2_000,
    harvestAfterBlocks: Int = 1
  ) async throws {
    _ = try await farmers.join(
      farmer: farmer,
      API.JoinRequest(
        pooler: pooler, shareBps: shareBps, stakeBps: stakeBps,
        harvestAfterBlocks: harvestAfterBlocks))
  }

  /// A farmer with money, in the pool, its terms on chain.
  func farming(
    _ handle: String = "anna", _ pooler: API.PoolerID, kale: Stroops = 1_000_000_000
  ) async throws -> API.FarmerID {
    let farmer = try await register(handle)
    try await deposit(100_000_000, .xlm, to: farmer)
    try await deposit(kale, .kale, to: farmer)
    try await join(farmer, pooler)
    try await ledger()
    return farmer
  }

  // MARK: - Time

  /// One ledger: the pool decides, and what it sends is included at once.
  func ledger(nonces: Bool = true) async throws {
    try await decideOnly()
    if nonces { try await hash() }
    try await settle()
  }

  /// One ledger in which the pool decides, and nothing that it sends is included.
  func decideOnly() async throws {
    view.ledger = view.ledger + 1
    view.closeTime += 5
    let leavers = await engine.read { state, _ in
      state.farmers.values.filter { $0.exit != nil }.map(\.id)
    }
    view.payoutsChecked = Set(leavers)
    view.payoutProblems = payoutProblem.map { [$0.farmer.rawValue: $0.why] } ?? [:]
    pace.ledgerClosed(view.closeTime)
    try await engine.ledgerClosed(view)
  }

  /// Lets `count` ledgers close.
  func ledgers(_ count: Int) async throws {
    for _ in 0..<count { try await ledger() }
  }

  /// The next farm block opens, `seconds` of ledger time from now.
  func openBlock(after seconds: Int64 = 5) async throws {
    view.closeTime += max(0, seconds - 5)
    view.farmIndex = view.farmIndex.next
    view.openedAt = view.closeTime + 5
    try await engine.record([
      BlockOpened(
        block: view.farmIndex, openedAt: view.openedAt, entropy: .zero, gapMin: 0, gapMax: 50,
        zerosMin: 4, zerosMax: 8)
    ])
    try await ledger()
  }

  /// The pooler asks for the open block, and all of it is played until the next one opens.
  func playBlock() async throws {
    try await requestPlanting()
    try await ledgers(60)
    try await openBlock()
    try await ledgers(3)
  }

  /// Asking again changes nothing.
  func requestPlanting() async throws {
    let block = view.farmIndex
    try await engine.decide { state, _ in
      let pooler = state.agents[Self.agent]?.pooler ?? 0
      if state.requests.contains(PoolerBlock(block: block, pooler: pooler)) { return ((), []) }
      return (
        (),
        [
          PlantRequested(
            block: block, pooler: pooler, agent: Self.agent,
            farmers: state.ready(for: pooler, block: block).count)
        ]
      )
    }
    try await engine.pump()
    try await settle()
  }

  /// Everything under way is included, and what follows from it too.
  private func settle() async throws {
    while let busy = await engine.currentView()?.busy, !busy.isEmpty {
      let next = await submissions.next(isolation: #isolation)
      let submission = try #require(next)
      transactions += 1
      let hash = sha256(Array("transaction \(transactions)".utf8))
      try await engine.intend(
        transaction: hash, wallet: submission.wallet, sequence: Int64(transactions),
        maxTime: view.closeTime + 30, madeAfter: view.ledger, envelope: [])
      var result = ChainResult(transaction: hash, ledger: view.ledger, fee: fee)
      if submission.kind == .harvest { result.returned = reward }
      if submission.kind == .work { result.returned = 40 }
      try await engine.succeeded(submission, result)
    }
  }

  /// The agent delivers a nonce for all that is planted.
  private func hash() async throws {
    try await engine.decide { state, view in
      var events: [any PoolEvent] = []
      for farmer in state.farmers.values.sorted(by: { $0.id < $1.id }) {
        for (block, planting) in farmer.plantings where planting.phase == .planted {
          guard let assignment = planting.assignment, planting.best == nil else { continue }
          events += [
            AssignmentDelivered(
              block: block, farmer: farmer.id, agent: assignment.agent, turn: assignment.turn),
            NonceAccepted(
              block: block, farmer: farmer.id, agent: assignment.agent, nonce: 1, hash: .zero,
              zeros: 6, ledgersLeft: view?.ledgersLeft(of: block, state.settings)),
          ]
        }
      }
      return ((), events)
    }
  }
}

/// A payout check that says what it is told.
final class FixedPayouts: PayoutChecker, Sendable {
  func problem(with address: String) async throws -> String? {
    address.hasPrefix("C") ? "this contract cannot receive" : nil
  }
}

/// An audit without a chain: what is true of it does not matter here.
struct FixedAuditor: ChainAuditor {
  func audit() async throws -> API.AuditReport {
    API.AuditReport(
      at: API.Timestamp(unixSeconds: 7), ledger: 1, walletsChecked: 2, differences: [])
  }
}
