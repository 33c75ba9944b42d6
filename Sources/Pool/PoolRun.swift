package import Bytes
import KaleRules

/// One run of the pool: its state, and what only this run knows — how the chain looks, who is
/// connected, which wallets have something under way. Plain logic; whoever drives it records the
/// events that it hands out, and sends a submission only when those are durable.
///
/// 1. Events are taken into the state in the order in which they are recorded.
/// 2. A wallet has at most one submission under way, from its decision until its outcome's facts
///    are taken in (or it is postponed).
/// 3. After a restart, wallets with an unresolved intent are taken until it is resolved.
package struct PoolRun: Sendable {
  package private(set) var state: PoolState
  /// As the chain was at the last ledger; nil before the first.
  package private(set) var chain: ChainView?
  private var underWay = UnderWay()
  private var deferred: [Bytes32: LedgerSequence] = [:]
  private var unseen: [BlockIndex: [UnseenLedgers]] = [:]
  private var sessions: [Bytes32: Int] = [:]
  /// The agents of `sessions`, kept beside it: a view is made for every question, and there may be
  /// thousands.
  private var live: Set<Bytes32> = []
  private var held: Set<Bytes32> = []
  private var wedged: Set<Bytes32> = []

  package init(_ state: PoolState) { self.state = state }

  /// The chain's view with what this run knows besides.
  package var view: ChainView? {
    guard var view = chain else { return nil }
    view.busy = underWay.wallets
    view.tasks = underWay.tasks
    view.deferred = deferred
    view.unseen = unseen
    view.liveAgents = live
    view.heldAgents = held
    view.wedgedAgents = wedged
    return view
  }

  /// Takes a recorded event in; gives the postings that are recorded with it.
  package mutating func take(_ event: any PoolEvent) -> [Posting] {
    let postings = state.postings(for: event)
    state.apply(event)
    return postings
  }

  /// What the network says of itself: how many ledgers a farm's entry lives.
  package mutating func learn(entryLedgers: Int64) { state.settings.entryLedgers = entryLedgers }

  // MARK: - Time

  package mutating func ledgerClosed(_ chain: ChainView) {
    noteUnseen(chain)
    self.chain = chain
    deferred = deferred.filter { $0.value > chain.ledger }
  }

  /// The nodes tell of many ledgers at once, or one of a block that opened long after the ledger that
  /// another calls the last.
  private mutating func noteUnseen(_ next: ChainView) {
    // Whoever saw the cut-off pass knows how much there was.
    guard let last = chain else { return }
    let left = last.ledgersLeft(state.settings)
    guard left > state.settings.cutOffLedgers else { return }
    // A ledger that took long, or one that was missed, is not many.
    let jump = next.ledger > last.ledger + 2 ? next.closeTime - last.closeTime : 0
    let count = max(jump, next.openedAt - next.closeTime) / state.settings.ledgerSeconds
    guard count > state.settings.answerLedgers else { return }
    unseen[last.farmIndex, default: []].append(UnseenLedgers(left: left, count: count))
    unseen = unseen.filter { $0.key.rawValue + PoolState.blocksKept > next.farmIndex.rawValue }
  }

  /// What is to be recorded and then sent as things stand; the wallets are taken from here on.
  package mutating func decide() -> Decision {
    guard let view else { return Decision() }
    var decision = state.decide(view)
    for submission in decision.submissions { underWay[submission.wallet] = submission }
    decision.events += state.assignments(view) as [any PoolEvent]
    return decision
  }

  // MARK: - Transactions

  /// After a restart: transactions whose outcome is not known hold their wallets until it is.
  package mutating func unresolved() -> [TransactionIntended] {
    let intents = state.pending.values.sorted { $0.sequence < $1.sequence }
    for intent in intents { underWay[intent.wallet] = Submission(intent) }
    return intents
  }

  /// What is under way for a wallet.
  package func submission(of wallet: Bytes32) -> Submission? { underWay[wallet] }

  /// The facts that follow from a transaction's success, as they become known now.
  package func consequences(
    of submission: Submission, _ result: ChainResult
  ) -> [any PoolEvent] {
    var result = result
    if let block = submission.block, let chain {
      result.ledgersLeft = chain.ledgersLeft(of: block, state.settings)
    }
    return state.consequences(of: submission, result)
  }

  /// Its facts are recorded: the wallet is free, after a failure not before the next ledger.
  package mutating func finished(_ submission: Submission, _ facts: [any PoolEvent]) {
    underWay[submission.wallet] = nil
    let hasFailed = facts.contains { fact in
      (fact as? TransactionResolved).map { $0.result != .succeeded } ?? false
    }
    if hasFailed, let chain { deferred[submission.wallet] = chain.ledger + 1 }
  }

  /// A transaction could not be made or was refused before it was sent: again after `ledgers`.
  package mutating func postponed(_ submission: Submission, ledgers: UInt32) {
    underWay[submission.wallet] = nil
    if let chain { deferred[submission.wallet] = chain.ledger + ledgers }
  }

  // MARK: - Agents

  /// - Parameter standing: nil: as before.
  package mutating func sessionOpened(_ agent: Bytes32, standing: AgentStanding? = nil) {
    sessions[agent, default: 0] += 1
    live.insert(agent)
    note(standing, of: agent)
  }

  /// - Parameter standing: in the same breath, so that nothing of an agent that may come back is
  ///   handed to others in between. Nil: as before.
  package mutating func sessionClosed(_ agent: Bytes32, standing: AgentStanding? = nil) {
    let open = sessions[agent, default: 1] - 1
    sessions[agent] = open > 0 ? open : nil
    if open <= 0 { live.remove(agent) }
    note(standing, of: agent)
  }

  private mutating func note(_ standing: AgentStanding?, of agent: Bytes32) {
    guard let standing else { return }
    if standing == .held { held.insert(agent) } else { held.remove(agent) }
    if standing == .wedged { wedged.insert(agent) } else { wedged.remove(agent) }
  }

  /// Whose assignments wait for them, and who does nothing with its own. True: that has changed.
  package mutating func agentsStand(held: Set<Bytes32>, wedged: Set<Bytes32>) -> Bool {
    guard held != self.held || wedged != self.wedged else { return false }
    (self.held, self.wedged) = (held, wedged)
    return true
  }
}

/// What holds for an agent's assignments.
package enum AgentStanding: Sendable, Hashable {
  /// They are its own while it is here.
  case free
  /// They wait for it.
  case held
  /// Others come first.
  case wedged
}
