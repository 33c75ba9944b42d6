import Bytes
import KaleRules
import Pool

/// A whole pool in virtual time: the real state machines among models of everything they touch.
///
/// One seed is one course of events. Time is milliseconds since the start; the ledger's clock is
/// that plus a fixed date. The models lie, lose, delay and die as the fault plan says; the auditor
/// holds every recorded event and every ledger against promises it checks by itself.
package final class Simulation {
  let seed: UInt64
  let settings: SimulationSettings
  var dice: Dice
  var now: Int64 = 0
  var timeline = Timeline<Action>()
  var trace = Trace()

  let chain: ChainModel
  var weather: Weather
  var outsiders: Outsiders
  var coordinator: CoordinatorModel
  var agents: [AgentModel] = []
  var people: [Person] = []
  var treasury = Bytes32.zero
  /// Zero: there is none.
  var sponsor = Bytes32.zero
  var auditor: Auditor
  /// No more faults, and everybody leaves.
  var isCalm = false
  var isEnded = false
  private var steps = 0

  static let start: Int64 = 1_780_000_000

  package init(seed: UInt64, settings: SimulationSettings) {
    self.seed = seed
    self.settings = settings
    dice = Dice(seed: SplitMix.mix(seed &+ 0x6b61_6c65))
    // Mainnet's entries outlive the run; testnet's live an hour.
    let life: UInt32 = dice.chance(0.5) ? 17_280 : 720
    chain = ChainModel(time: Self.start, temporaryLedgers: life)
    var plan = settings.faults
    plan.intensity *= [0.3, 1, 1, 3][Int(dice.int(0...3))]
    weather = Weather(plan)
    outsiders = Outsiders(count: SimulationSettings.outsiders, &dice)
    var pool = PoolSettings()
    pool.payoutDelaySeconds = 3_600
    pool.entryLedgers = Int64(life)
    // Machines here try a few hashes each: their rate says nothing about places.
    pool.hashesPerFarmerMin = 0
    pool.bondBlocks = dice.chance(0.3) ? 1 : 0
    if dice.chance(0.2) { pool.xlmPerKale = 5_000 }
    if dice.chance(0.2) { pool.handOverLedgers = 4 }
    coordinator = CoordinatorModel(pool)
    auditor = Auditor(
      seed: seed, settings: pool, life: life, isFair: settings.faults.enabled.isEmpty)
  }

  /// Plays to the end.
  package func run() -> SimulationReport {
    setUp()
    while !isEnded, let (time, action) = timeline.next() {
      now = time
      steps += 1
      perform(action)
      if settings.stopsAtViolation, !auditor.violations.isEmpty { break }
    }
    if !isEnded, auditor.violations.isEmpty { violation("course", "nothing is left to happen") }
    return report()
  }

  private func perform(_ action: Action) {
    trace.mix(now)
    switch action {
    case .closeLedger: closeLedger()
    case .poll(let epoch): if isOf(epoch) { poll() }
    case .flushed(let epoch): if isOf(epoch) { flushed() }
    case .send(let epoch, let submission): if isOf(epoch) { prepare(submission) }
    case .tellAgents(let epoch): if isOf(epoch) { tellAgents() }
    case .restart: restart()
    case .agent(let agent, let life, let step): perform(step, agent: agent, life: life)
    case .hear(let epoch, let session, let message):
      if isOf(epoch) { hear(message, session: session) }
    case .person(let person): act(person)
    }
  }

  func later(_ milliseconds: ClosedRange<Int64>, _ action: Action) {
    timeline.add(action, at: now + dice.int(milliseconds))
  }

  // MARK: - Faults

  /// Whether a fault strikes here; counted if it does.
  func strikes(_ fault: Fault, _ probability: Double) -> Bool {
    guard !isCalm, weather.plan.enabled.contains(fault),
      dice.chance(probability * weather.plan.intensity)
    else { return false }
    auditor.count(fault)
    return true
  }

  /// Whether a spell of bad weather lasts.
  func lasts(_ fault: Fault) -> Bool { !isCalm && weather.until[fault].map { $0 > now } ?? false }

  func violation(_ rule: String, _ text: String) {
    auditor.violate(rule, text, block: chain.farmIndex, ledger: chain.sequence)
  }

  /// The recorded events that name a farmer, newest last: what led to a violation.
  package func history(of farmer: Int64, last count: Int) -> [String] {
    let name = "farmer: \(farmer),"
    let optional = "farmer: Optional(\(farmer))"
    return coordinator.journal.durable.reversed().lazy.map { "\($0)" }
      .filter { $0.contains(name) || $0.contains(optional) }.prefix(count).reversed()
  }

  private func report() -> SimulationReport {
    SimulationReport(
      seed: seed, blocks: settings.blocks, violations: auditor.violations, trace: trace.value,
      faults: auditor.faults, transitions: auditor.transitions,
      events: coordinator.journal.durable.count, transactions: chain.outcomes.count,
      longestExitSeconds: auditor.longestExit / 1_000)
  }
}

/// What happens at a moment.
enum Action {
  case closeLedger
  /// The coordinator asks a node for its last ledger.
  case poll(epoch: Int)
  case flushed(epoch: Int)
  case send(epoch: Int, Submission)
  case tellAgents(epoch: Int)
  case restart
  case agent(Int, life: Int, AgentStep)
  case hear(epoch: Int, session: Int, AgentMessage)
  case person(Int)
}
