import Bytes
import KaleRules
import Pool

/// The pool's state against a chain that does what it is asked in the next ledger.
///
/// Five-second ledgers, 300-second blocks. Every event goes through ``record(_:)``, so that the journal can be replayed.
struct Game {
  var state = PoolState(settings: PoolSettings())
  var journal: [any PoolEvent] = []
  var view = ChainView(
    ledger: 1000, closeTime: 100_000, farmIndex: 10, openedAt: 100_000, farmIsPaused: false)
  /// Sent, and included in the next ledger.
  var mempool: [Submission] = []
  var transactions: UInt64 = 0
  /// Whether somebody outside opens every block when it is due.
  var somebodyOpens = true
  /// What a harvest returns besides the stake.
  var reward: Int64 = 1_000_001
  /// The zeros that agents find.
  var zeros = 6
  /// Kinds of transactions that the chain refuses from now on.
  var refused: Set<TransactionKind> = []

  static let pooler: PoolerID = 1
  static let agents = [key(101), key(102)]

  static func key(_ number: UInt64) -> Bytes32 {
    Bytes32(
      (0..<24).map { _ in 7 } + (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })!
  }

  mutating func record(_ events: [any PoolEvent]) {
    for event in events {
      state.apply(event)
      journal.append(event)
    }
  }

  /// A pool with a funded treasury, one pooler with two live agents and `count` farmers who have
  /// joined with `kale` each.
  init(
    farmers count: Int, kale: Int64 = 1_000_000_000, harvestAfter: Int = 1, farmersMax: Int = 100,
    settings: PoolSettings = PoolSettings()
  ) {
    state = PoolState(settings: settings)
    record([
      CoordinatorStarted(version: "test", ledger: 1000, ledgerCloseTime: 100_000),
      WalletMade(wallet: Game.key(1), kind: .treasury, owner: 0),
      WalletReady(wallet: Game.key(1)),
      WalletMade(wallet: Game.key(2), kind: .bond, owner: 1),
      WalletReady(wallet: Game.key(2)),
      PoolerRegistered(
        pooler: Game.pooler, name: "ours", payout: "GPOOLER", bondWallet: Game.key(2),
        shareBps: 5_000, farmersMax: farmersMax),
    ])
    for (number, agent) in Game.agents.enumerated() {
      record([
        AgentEnrolled(
          agent: agent, pooler: Game.pooler, tokenKey: Game.key(UInt64(200 + number)), name: "rig"),
        SessionOpened(agent: agent, session: [UInt8(number)], address: "test", version: "1"),
      ])
      view.liveAgents.insert(agent)
    }
    for farmer in stride(from: Int64(1), through: Int64(count), by: 1) {
      register(farmer, kale: kale, harvestAfter: harvestAfter)
      join(farmer, agreement: farmer)
    }
  }

  /// A farmer with a ready wallet, in no pool yet.
  mutating func register(_ farmer: FarmerID, kale: Int64 = 1_000_000_000, harvestAfter: Int = 1) {
    let wallet = Game.wallet(farmer)
    record([
      WalletMade(wallet: wallet, kind: .farmer, owner: farmer),
      FarmerRegistered(
        farmer: farmer, handle: "farmer\(farmer)", passwordHash: "", wallet: wallet,
        custodyNotice: "1"),
      PayoutChanged(farmer: farmer, payout: "GPAYOUT\(farmer)", effectiveAt: 0),
      DepositSeen(
        wallet: wallet, asset: .xlm, amount: 100_000_000, sender: "G", chainEvent: "x\(farmer)",
        ledger: 1000),
      WalletReady(wallet: wallet),
      DepositSeen(
        wallet: wallet, asset: .kale, amount: Stroops(kale), sender: "G",
        chainEvent: "k\(farmer)", ledger: 1000),
      SettingsChanged(
        farmer: farmer, stakeBps: 2_000, harvestAfterBlocks: harvestAfter, stakeCap: nil,
        paused: false),
    ])
    view.payoutsChecked.insert(farmer)
  }

  mutating func join(_ farmer: FarmerID, agreement: Int64, pooler: PoolerID = Game.pooler) {
    record([
      AgreementMade(
        agreement: agreement, farmer: farmer, pooler: pooler, shareBps: 5_000,
        payout: "GPAYOUT\(farmer)"),
      AgreementConfirmed(agreement: agreement, farmer: farmer, transaction: .zero),
    ])
  }

  /// Every agent goes, or comes back.
  mutating func connect(_ isConnected: Bool) {
    for (number, agent) in Game.agents.enumerated() {
      let session = [UInt8(number)]
      if isConnected {
        view.liveAgents.insert(agent)
        record([SessionOpened(agent: agent, session: session, address: "test", version: "1")])
      } else {
        view.liveAgents.remove(agent)
        record([SessionClosed(agent: agent, session: session, reason: "gone")])
      }
    }
  }

  mutating func deposit(_ amount: Int64, to wallet: Bytes32) {
    record([
      DepositSeen(
        wallet: wallet, asset: .kale, amount: Stroops(amount), sender: "G",
        chainEvent: "d\(journal.count)", ledger: 1)
    ])
  }

  static func wallet(_ farmer: FarmerID) -> Bytes32 { key(UInt64(1_000 + farmer)) }

  /// The pooler asks for the block after the open one.
  mutating func request() { request(block: view.farmIndex.next) }

  mutating func request(block: BlockIndex) {
    record([
      PlantRequested(
        block: block, pooler: Game.pooler, agent: Game.agents[0],
        farmers: state.ready(for: Game.pooler, block: block).count)
    ])
  }

  /// One ledger: what was sent is included, then the pool decides.
  mutating func ledger() {
    view.ledger = view.ledger + 1
    view.closeTime += 5
    if somebodyOpens, view.closeTime >= view.openedAt + 300 + 5 {
      view.farmIndex = view.farmIndex.next
      view.openedAt = view.closeTime
    }
    if state.block?.block != view.farmIndex {
      record([
        BlockOpened(
          block: view.farmIndex, openedAt: view.openedAt, entropy: .zero, gapMin: 0, gapMax: 50,
          zerosMin: 4, zerosMax: 8, stakeMin: 0, stakeMax: 100_000_000,
          liveUntil: view.ledger + UInt32(state.settings.entryLedgers - 1),
          partsBefore: 50_000_000, normalizedBefore: 50 * 100_000_000, unworkedBefore: 0)
      ])
    }
    include()
    view.busy = []
    let decision = state.decide(view)
    record(decision.events)
    for submission in decision.submissions {
      precondition(view.busy.insert(submission.wallet).inserted, "one transaction for each wallet")
      mempool.append(submission)
      transactions += 1
      record([
        TransactionIntended(
          submission, transaction: Game.key(1_000_000 + transactions), sequence: 1,
          maxTime: view.closeTime + 30, madeAfter: view.ledger, envelope: [])
      ])
    }
    record(state.assignments(view))
  }

  private mutating func include() {
    let first = transactions - UInt64(mempool.count) + 1
    for (number, submission) in mempool.enumerated() {
      let hash = Game.key(1_000_000 + first + UInt64(number))
      if [.plant, .openBlock].contains(submission.kind), submission.block == view.farmIndex.next {
        // The first plant after the block is over opens the next.
        view.farmIndex = view.farmIndex.next
        view.openedAt = view.closeTime
      }
      let isLate = [.plant, .work].contains(submission.kind) && submission.block != view.farmIndex
      if refused.contains(submission.kind) || isLate {
        record([
          TransactionResolved(
            transaction: hash, wallet: submission.wallet, result: .failed, ledger: view.ledger,
            fee: 100, detail: "refused")
        ])
        continue
      }
      var result = ChainResult(transaction: hash, ledger: view.ledger, fee: 40_000)
      result.ledgersLeft = submission.block.map { view.ledgersLeft(of: $0, state.settings) }
      if submission.kind == .harvest { result.returned = reward }
      if submission.kind == .work, let farmer = submission.farmer, let block = submission.block,
        let planting = state.farmers[farmer]?.plantings[block]
      {
        result.returned = Int64(view.ledger.rawValue - planting.plantedIn.rawValue)
      }
      record(state.consequences(of: submission, result))
    }
    mempool = []
  }

  /// Agents deliver a nonce for every assignment that has none.
  mutating func hash() {
    for farmer in state.farmers.values.sorted(by: { $0.id < $1.id }) {
      for (block, planting) in farmer.plantings where planting.phase == .planted {
        guard let assignment = planting.assignment, planting.best == nil else { continue }
        record([
          AssignmentDelivered(
            block: block, farmer: farmer.id, agent: assignment.agent, turn: assignment.turn),
          NonceAccepted(
            block: block, farmer: farmer.id, agent: assignment.agent, nonce: 1, hash: .zero,
            zeros: zeros, ledgersLeft: view.ledgersLeft(of: block, state.settings)),
        ])
      }
    }
  }

  /// Plays `count` blocks in which the pooler asks and the agents work.
  mutating func play(blocks count: Int) {
    for _ in 0..<count {
      let block = view.farmIndex
      request()
      while view.farmIndex == block { step() }
      for _ in 0..<20 { step() }
    }
  }

  mutating func step() {
    ledger()
    hash()
  }

  /// Ledgers without plant requests until `done`, at most `limit`.
  mutating func wait(_ limit: Int = 400, until done: (Game) -> Bool) -> Bool {
    for _ in 0..<limit {
      if done(self) { return true }
      step()
    }
    return done(self)
  }

  func count<E: PoolEvent>(_ type: E.Type, where matches: (E) -> Bool = { _ in true }) -> Int {
    journal.count { ($0 as? E).map(matches) ?? false }
  }
}
