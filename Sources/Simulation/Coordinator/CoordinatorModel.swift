import Bytes
import KaleRules
import Pool

/// The coordinator's shell as a model: what stands between the pool's state machines and the world.
///
/// It does what `PoolEngine`, `Sender`, `Submitter`, `ChainReader`, `Deposits` and `AgentDesk` do,
/// step by step, so that a crash may fall between any two.
struct CoordinatorModel {
  let settings: PoolSettings
  /// Rises with every crash: what an earlier run had in mind is void.
  var epoch = 0
  var isUp = false
  var run: PoolRun
  var journal = JournalModel()
  /// The sum of what is durable: what a restart begins with.
  var durable: PoolState
  var lanes: [Bytes32: Lane] = [:]
  /// Sequence numbers that the lanes remember.
  var sequences: [Bytes32: Int64] = [:]
  /// The last ledger seen.
  var tick: ChainModel.Snapshot?
  var isFollowing = false
  var hasNewTick = false
  var depositsFrom: LedgerSequence?
  var sessions: [Int: Session] = [:]
  var handed: Set<AssignmentMade> = []
  var isTelling = false
  /// Agents whose last session ended and whose assignments wait for them until then.
  var held: [Bytes32: Int64] = [:]

  struct Session {
    let agent: Int
    let key: Bytes32
    var sent: [AssignmentMade] = []
    var sentBlock: BlockIndex?
    /// When it was given work, or last moved.
    var movedAt: Int64 = 0
  }

  init(_ settings: PoolSettings) {
    self.settings = settings
    durable = PoolState(settings: settings)
    run = PoolRun(durable)
  }
}

/// A wallet's transaction on its way. Source: `Submitter`.
struct Lane {
  let submission: Submission
  let hash: Bytes32
  let sequence: Int64
  let maxTime: Int64
  /// Nil for an intent of an earlier run, which is only looked up.
  let transaction: ChainTransaction?
  var isStored = false
  var mayBeQueued = false
  var isSendDue = false
  var sentAt: LedgerSequence?
}

/// Events wait, are written together, and are durable.
struct JournalModel {
  struct Ticket {
    var events: [any PoolEvent]
    var then: Continuation
  }

  var durable: [any PoolEvent] = []
  var waiting: [Ticket] = []
  var writing: [Ticket] = []
  var isWriting = false
}

/// What goes on once events are durable.
enum Continuation {
  case nothing
  case send([Submission], isLedger: Bool)
  case intended(Bytes32)
  case finished(Submission, [any PoolEvent])
  case blockKnown(ChainView)
  case pump
  case follow
}

extension Simulation {
  func isOf(_ epoch: Int) -> Bool { coordinator.isUp && epoch == coordinator.epoch }

  // MARK: - Recording

  /// Takes events into the state, and goes on when they are durable.
  func record(_ events: [any PoolEvent], then: Continuation = .nothing) {
    guard !events.isEmpty else { return go(on: then) }
    for event in events { _ = coordinator.run.take(event) }
    coordinator.journal.waiting.append(JournalModel.Ticket(events: events, then: then))
    write()
  }

  private func write() {
    guard !coordinator.journal.isWriting, !coordinator.journal.waiting.isEmpty else { return }
    coordinator.journal.isWriting = true
    coordinator.journal.writing = coordinator.journal.waiting
    coordinator.journal.waiting = []
    let delay = lasts(.databaseSlow) ? dice.int(300...6_000) : dice.int(1...12)
    timeline.add(.flushed(epoch: coordinator.epoch), at: now + delay)
  }

  func flushed() {
    // The connection breaks in the middle of a commit: the coordinator cannot know, and stops.
    if strikes(.commitLost, 0.00002) { return crash() }
    let tickets = coordinator.journal.writing
    coordinator.journal.writing = []
    coordinator.journal.isWriting = false
    for ticket in tickets {
      for event in ticket.events {
        coordinator.journal.durable.append(event)
        auditor.recorded(event, before: coordinator.durable, chain, now: now)
        coordinator.durable.apply(event)
        if let event = event as? SplitPaid, strikes(.depositWhileLeaving, 0.1) {
          // Paid in between the settlement and the end of the trustline.
          pay(dice.int(1...1_000_000), to: event.wallet)
        }
      }
    }
    if strikes(.commitKept, 0.00002) { return crash() }
    let epoch = coordinator.epoch
    for ticket in tickets {
      go(on: ticket.then)
      guard epoch == coordinator.epoch, coordinator.isUp else { return }
    }
    write()
  }

  private func go(on then: Continuation) {
    switch then {
    case .nothing: break
    case .send(let submissions, let isLedger):
      for submission in submissions {
        later(0...60, .send(epoch: coordinator.epoch, submission))
      }
      if isLedger { ledgerDone() }
      tellAgentsSoon()
    case .intended(let wallet):
      guard !dies(.crashBeforeSend) else { return }
      coordinator.lanes[wallet]?.isStored = true
      send(wallet)
      _ = dies(.crashAfterSend)
    case .finished(let submission, let facts):
      guard !dies(.crashAfterOutcome) else { return }
      coordinator.run.finished(submission, facts)
      pump()
    case .blockKnown(let view):
      coordinator.run.ledgerClosed(view)
      pump(isLedger: true)
    case .pump: pump()
    case .follow: timeline.add(.poll(epoch: coordinator.epoch), at: now)
    }
  }

  /// Decides again: something has changed.
  func pump(isLedger: Bool = false) {
    let decision = coordinator.run.decide()
    if let view = coordinator.run.view {
      auditor.decided(decision, coordinator.run.state, view, chain)
    }
    record(decision.events, then: .send(decision.submissions, isLedger: isLedger))
  }

  // MARK: - Dying and coming back

  /// Whether the process dies here.
  func dies(_ fault: Fault) -> Bool {
    guard strikes(fault, 0.0002) else { return false }
    crash()
    return true
  }

  func crash() {
    guard coordinator.isUp else { return }
    coordinator.isUp = false
    coordinator.epoch += 1
    coordinator.journal.waiting = []
    coordinator.journal.writing = []
    coordinator.journal.isWriting = false
    coordinator.lanes = [:]
    coordinator.sequences = [:]
    coordinator.tick = nil
    coordinator.isFollowing = false
    coordinator.hasNewTick = false
    coordinator.sessions = [:]
    coordinator.handed = []
    coordinator.isTelling = false
    coordinator.held = [:]
    auditor.coordinatorIsUp(false, now: now)
    for agent in agents.indices { lost(agent: agent) }
    let seconds = strikes(.longDowntime, 0.15) ? dice.int(60...900) : dice.int(1...20)
    timeline.add(.restart, at: now + 1_000 * seconds)
  }

  func restart() {
    coordinator.isUp = true
    auditor.restarted(coordinator)
    auditor.coordinatorIsUp(true, now: now)
    coordinator.run = PoolRun(coordinator.durable)
    coordinator.depositsFrom = nil
    let node = chain.snapshot(lag: nodeLag(0))
    // Where a ledger takes a minute, the last one's time says as little.
    auditor.startedByOldLedger = nodeLag(0) > 1 || lasts(.ledgerSlow)
    record(
      [
        CoordinatorStarted(
          version: "simulated", ledger: node.ledger, ledgerCloseTime: node.closeTime)
      ], then: .follow)
    let intents = coordinator.run.unresolved().sorted { $0.transaction < $1.transaction }
    for intent in intents {
      coordinator.lanes[intent.wallet] = Lane(
        submission: Submission(intent), hash: intent.transaction, sequence: intent.sequence,
        maxTime: intent.maxTime, transaction: nil, isStored: true, mayBeQueued: true)
      auditor.count(.resolvedAfterRestart)
    }
  }
}
