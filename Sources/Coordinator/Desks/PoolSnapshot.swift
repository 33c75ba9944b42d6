import KaleRules
import Pool
import Store

/// The pool in figures at one moment.
struct PoolSnapshot: Sendable {
  var counts = PoolCounts()
  /// Transactions under way, and plantings that are neither harvested nor missed nor lost: 0 when
  /// nothing that was begun is still open.
  var inFlight = 0
  var farmers = 0
  var leaving = 0
  var agentsOnline = 0
  var hashesPerSecond: Int64 = 0
  var block: BlockIndex?
  /// Ledger seconds since the open block was opened.
  var blockAge: Int64?
  var ledger: LedgerSequence?
  /// The Stellar nodes contradict each other about the block.
  var isDisputed = false
  /// What the fee sponsor may still spend; nil: there is none.
  var sponsorSpare: Int64?

  init() {}

  init(_ state: PoolState, _ view: ChainView?) {
    inFlight = view?.busy.count ?? state.pending.count
    for farmer in state.farmers.values {
      inFlight += farmer.plantings.count
      if farmer.hasLeft { continue }
      farmers += 1
      if farmer.exit != nil { leaving += 1 }
    }
    for agent in view?.liveAgents ?? [] where state.agents[agent]?.mayWork == true {
      agentsOnline += 1
      hashesPerSecond += state.agents[agent]?.hashesPerSecond ?? 0
    }
    block = view?.farmIndex ?? state.block?.block
    blockAge = view.map { max(0, $0.closeTime - $0.openedAt) }
    ledger = view?.ledger
    isDisputed = view?.isDisputed ?? false
    if state.wallets.values.contains(where: { $0.kind == .sponsor }) {
      sponsorSpare = state.sponsorSpare
    }
  }
}
