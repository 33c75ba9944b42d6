import Bytes
import Devnet
import KaleRules
import Pool
import Sodium
import StellarClient
import StellarXDR

/// One policy on a devnet of its own: the devnet's ledgers, contracts and outside farmers, real hashes,
/// and the pool's own decisions, ledger by ledger without a clock.
package struct StrategyRun {
  let settings: StrategySettings
  let policy: StrategyPolicy
  var ledger: DevnetLedger
  var run: PoolRun
  var hashers: Hashers
  let luck: Luck
  let calls: KaleCalls
  let keys: KaleKeys
  let prepared: PreparedCalls
  let landing = LandingStatistics()
  var pairs: [Bytes32: Ed25519KeyPair] = [:]
  /// Signed and not concluded, by wallet.
  var underWay: [Bytes32: Sent] = [:]
  var report: PolicyReport
  var attempts: [String: Int] = [:]
  /// Ledgers in which blocks were first seen open.
  private var openedIn: [BlockIndex: UInt32] = [:]
  private var asked: BlockIndex = 0

  struct Sent {
    let submission: Submission
    let frame: TransactionFrame
    let maxTime: Int64
    /// After this ledger the network has it.
    let arrivesAfter: UInt32
    let sentAfter: UInt32
    var hasArrived = false
  }

  static let pooler: PoolerID = 1
  static let agent = sha256(Array("strategy agent".utf8))

  package init(_ settings: StrategySettings, _ policy: StrategyPolicy) throws {
    self.settings = settings
    self.policy = policy
    var devnet = DevnetSettings()
    devnet.outside.farmers = settings.outsideFarmers
    devnet.outside.zeros = settings.outsideZeros
    devnet.outside.hasty = settings.hastyFarmers
    devnet.seed = settings.seed
    ledger = DevnetLedger(devnet, time: 1_800_000_000)
    var pool = PoolSettings()
    if policy == .plain {
      // 60 % of the block are over when 40 % of its ledgers are left.
      pool.handOverLedgers = pool.blockSeconds / pool.ledgerSeconds * 2 / 5
    }
    run = PoolRun(PoolState(settings: pool))
    hashers = Hashers(policy)
    luck = Luck(settings: settings)
    calls = KaleCalls(ledger.network)
    keys = KaleKeys(ledger.network)
    prepared = PreparedCalls(ledger.network)
    report = PolicyReport(policy)
    try setUp()
  }

  /// Plays all blocks, each until its harvests are in.
  package mutating func play() throws -> PolicyReport {
    // One block to make the ranges, those that count, and one to harvest the last.
    while report.blocks < settings.blocks { try step() }
    return report
  }

  mutating func record(_ events: [any PoolEvent]) {
    for event in events { _ = run.take(event) }
  }

  // MARK: - A ledger

  private mutating func step() throws {
    for wallet in underWay.keys.sorted() { arrive(wallet) }
    ledger.close()
    for wallet in underWay.keys.sorted() { try settle(wallet) }
    try look()
    askForPlanting()
    let decision = run.decide()
    record(decision.events)
    for submission in decision.submissions { try send(submission) }
    hash()
  }

  /// The farm as it is now; a block that is new is counted and gone on with.
  private mutating func look() throws {
    guard let farm = ledger.farm else { throw StrategyError("the devnet has no farm") }
    let latest = ledger.latest
    var view = ChainView(
      ledger: LedgerSequence(latest.sequence), closeTime: Int64(latest.closeTime),
      farmIndex: farm.index, openedAt: Int64(farm.farmBlock.timestamp),
      farmIsPaused: farm.isPaused)
    let seconds = Int64(ledger.settings.ledgerSeconds)
    view.nextCloseTime = view.closeTime + seconds
    view.openBlock = block(farm.index)
    view.nextBlock = farm.farmBlock.opened(at: latest.closeTime)
    view.landing = landing.odds
    if let open = view.openBlock, run.state.block.map({ $0.block < farm.index }) ?? true {
      if farm.index > 0 { count(BlockIndex(farm.index.rawValue - 1)) }
      openedIn[farm.index] = latest.sequence
      record([
        BlockOpened(
          farm.index, open, openedAt: view.openedAt,
          liveUntil: LedgerSequence(ledger.entry(keys.block(farm.index))?.liveUntil ?? 0),
          before: farm.index > 0 ? block(BlockIndex(farm.index.rawValue - 1)) : nil)
      ])
      hashers.begin(farm.index)
    }
    run.ledgerClosed(view)
  }

  func block(_ index: BlockIndex) -> FarmBlock? {
    ledger.entry(keys.block(index))?.contractValue.flatMap(FarmBlock.init)
  }

  /// As the agent does: a few ledgers ahead.
  private mutating func askForPlanting() {
    guard let view = run.view else { return }
    let block = view.farmIndex.next
    guard asked < block, view.ledgersLeft(run.state.settings) <= 3,
      let answer = try? run.state.plantRequest(block, by: Self.agent, view)
    else { return }
    asked = block
    record(answer.request.map { [$0] } ?? [])
  }

  /// What the machines find until the next ledger.
  private mutating func hash() {
    guard let block = run.state.block, let view = run.view else { return }
    for made in run.state.assigned(to: Self.agent) {
      guard let planting = run.state.farmers[made.farmer]?.plantings[made.block],
        planting.assignment?.isDelivered == false,
        let wallet = run.state.farmers[made.farmer]?.wallet
      else { continue }
      record(run.state.deliveries(of: [made]))
      hashers.add(
        made.farmer, wallet, made.block, block.entropy, zerosMax: Int(block.zerosMax))
    }
    let ledgers = ledger.settings.blockSeconds / ledger.settings.ledgerSeconds
    let budget = settings.hashesEach * UInt64(settings.farmers) / ledgers
    for found in hashers.hash(budget) {
      let made = run.state.assigned(to: Self.agent).first { $0.farmer == found.farmer }
      guard let made,
        case .accepted(let event) = run.state.judge(
          nonce: found.nonce, zeros: found.zeros, for: made, view)
      else { continue }
      record([event])
    }
  }

  // MARK: - What came of a block

  /// The block is over, and nothing of it harvested yet.
  private mutating func count(_ index: BlockIndex) {
    // The first block's ranges are nobody's.
    guard index > 1, let closed = block(index), let opened = openedIn[index] else { return }
    var parts: [Hindsight.Part] = []
    for farmer in run.state.farmers.values.sorted(by: { $0.id < $1.id }) {
      let entry = ledger.entry(keys.pail(farmer.wallet, index))?.contractValue
      guard let pail = entry.flatMap(Pail.init) else { continue }
      report.planted += 1
      var part = Hindsight.Part(
        stake: pail.stake, done: nil, zerosFound: UInt32(hashers.zeros[farmer.id] ?? 0))
      if let gap = pail.gap, let zeros = pail.zeros {
        part.done = (gap, zeros)
        report.worked += 1
        report.gaps += Int64(gap)
        report.zeros += Int64(zeros)
      } else {
        report.lost += 1
      }
      parts.append(part)
    }
    let hindsight = Hindsight(
      index: index, closed: closed, parts: parts, ledgers: ledger.latest.sequence - opened)
    report.reward += hindsight.paid
    report.hindsight += hindsight.best
    report.blocks += 1
  }
}

struct StrategyError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
