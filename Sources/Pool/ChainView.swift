package import Bytes
package import KaleRules

/// What the chain and the connections look like at one ledger: everything that a decision looks at
/// and that is not an event.
package struct ChainView: Sendable {
  package var ledger: LedgerSequence
  /// Unix seconds.
  package var closeTime: Int64
  package var farmIndex: BlockIndex
  /// When the open block was opened, Unix seconds of ledger time.
  package var openedAt: Int64
  package var farmIsPaused: Bool
  /// A close time that the next ledger most probably has or exceeds; nil: no forecast.
  package var nextCloseTime: Int64?
  /// The nodes contradict each other about the block: nothing is planted until they agree.
  package var isDisputed = false
  /// Why nothing is planted at present, in words for the farmer; harvests go on. Nil: no reason.
  package var plantingHold: String?
  /// How the nodes were found to be behind in a block, where it was by more than an agent is given to
  /// answer.
  package var unseen: [BlockIndex: [UnseenLedgers]] = [:]
  /// The open block as it stands, and the one that would be opened now; nil: not known.
  package var openBlock: FarmBlock?
  package var nextBlock: FarmBlock?
  /// Measured chances that what is sent after a ledger lands 1, 2, … ledgers later; empty: none yet.
  package var landing: [Double] = []
  /// Plants and works that fit into one ledger; nil: not known.
  package var farmWritesMax: Int64?
  /// Agents with an open session.
  package var liveAgents: Set<Bytes32> = []
  /// Agents whose session was lost a moment ago: what they were assigned waits for them.
  package var heldAgents: Set<Bytes32> = []
  /// Agents that do nothing with what they are given: others come first.
  package var wedgedAgents: Set<Bytes32> = []
  /// Wallets whose account stands on chain; only of those that are not ready.
  package var funded: Set<Bytes32> = []
  /// Wallets of the pool whose trustline stands on chain; only of those that are not ready.
  package var trusting: Set<Bytes32> = []
  /// Why a leaver's payout address cannot receive KALE; absent: it can, unknown: not asked yet.
  package var payoutProblems: [FarmerID: String] = [:]
  package var payoutsChecked: Set<FarmerID> = []
  /// Poolers whose own payout address cannot receive.
  package var poolersWithoutTrustline: Set<PoolerID> = []
  /// Stroops that a farm call may cost at present; nil: not known.
  package var feeNow: Stroops?
  /// What is under way for farmers' blocks.
  package var tasks: Set<ChainTask> = []
  /// Wallets with something under way.
  package var busy: Set<Bytes32> = []
  /// Wallets whose last attempt failed: not before this ledger.
  package var deferred: [Bytes32: LedgerSequence] = [:]

  package init(
    ledger: LedgerSequence, closeTime: Int64, farmIndex: BlockIndex, openedAt: Int64,
    farmIsPaused: Bool
  ) {
    self.ledger = ledger
    self.closeTime = closeTime
    self.farmIndex = farmIndex
    self.openedAt = openedAt
    self.farmIsPaused = farmIsPaused
  }

  /// Whether a plant in the next ledger opens (or has just opened) the block after `farmIndex`.
  package func isOver(_ settings: PoolSettings) -> Bool {
    max(closeTime, nextCloseTime ?? closeTime) >= openedAt + settings.blockSeconds
  }

  /// The block that a plant in the next ledger would be in.
  package func plantable(_ settings: PoolSettings) -> BlockIndex {
    isOver(settings) ? farmIndex.next : farmIndex
  }

  /// How many ledgers after this one surely close before the open block can be closed.
  package func ledgersLeft(_ settings: PoolSettings) -> Int64 {
    let left = (openedAt + settings.blockSeconds - 1 - closeTime) / settings.ledgerSeconds
    return min(max(0, left), settings.blockSeconds / settings.ledgerSeconds)
  }

  /// The same of any block: none of one that is over, all of one that is still to be opened.
  package func ledgersLeft(of block: BlockIndex, _ settings: PoolSettings) -> Int64 {
    if block < farmIndex { return 0 }
    return block == farmIndex
      ? ledgersLeft(settings) : settings.blockSeconds / settings.ledgerSeconds
  }
}

/// Ledgers that the nodes told of all at once.
package struct UnseenLedgers: Sendable, Hashable {
  /// What was called left in the block just before.
  package var left: Int64
  /// How many, at their usual pace: by so many, what was called left until then may have been less.
  package var count: Int64

  package init(left: Int64, count: Int64) {
    self.left = left
    self.count = count
  }
}
