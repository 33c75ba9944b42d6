package import Bytes
package import KaleRules

/// A farmer as the events tell.
package struct Farmer: Sendable {
  package let id: FarmerID
  package let handle: String
  package var passwordHash: String
  /// Another one after coming back.
  package var wallet: Bytes32
  package var payout = ""
  /// A changed address that does not count yet.
  package var nextPayout: (address: String, effectiveAt: Int64)?
  package var settings: SettingsChanged?
  package var agreement: Agreement?
  /// The pooler whose waiting list the farmer is in, and the share agreed for when a place is free.
  package var waiting: Waiting?
  @Boxed package var exit: Exit?
  package var hasLeft = false
  /// Blocks that are not over for this farmer: wanted, planted or worked.
  package var plantings: [BlockIndex: Planting] = [:]
  /// What the treasury owes this farmer's wallet.
  package var owedPrincipal: Stroops = 0
  package var owedReward: Stroops = 0
  package var owed: Stroops { owedPrincipal + owedReward }
  /// The latest block that ended as not planted: no other pooler plants for it again.
  package var lastMissed: BlockIndex?

  /// The address that counts at `time` (Unix seconds of ledger time).
  package func payout(at time: Int64) -> String {
    if let nextPayout, nextPayout.effectiveAt <= time { nextPayout.address } else { payout }
  }

  /// A place in a waiting list.
  package struct Waiting: Sendable, Hashable {
    package let pooler: PoolerID
    package let shareBps: BasisPoints
  }

  /// Oldest first.
  package var openBlocks: [BlockIndex] { plantings.keys.sorted() }
}

/// The terms between a farmer and a pooler, and what has come of them.
package struct Agreement: Sendable, Hashable {
  package let id: Int64
  package let pooler: PoolerID
  package let shareBps: BasisPoints
  package var payout: String
  /// The split contract holds the terms.
  package var isConfirmed = false
  /// Rewards harvested since joining.
  package var rewards: Stroops = 0
  /// Stake lost through the pooler since joining.
  package var loss: Stroops = 0
  /// What the pooler's bond has paid into the wallet for it.
  package var bondPaid: Stroops = 0
  /// The zeros found for this farmer beside the pooler's other farmers'.
  package var effort = Effort()
}

/// Leaving, from request to departure.
package struct Exit: Sendable, Hashable {
  package let id: ExitID
  package let requestedInBlock: BlockIndex
  package var waitsForPayout = false
  /// The pooler to go on with; nil: leaving for good.
  package var next: Farmer.Waiting?
  /// Only the wallet is still to be emptied and closed.
  package var settled: Settled?
  package var trustlineIsGone = false

  package enum Settled: Sendable, Hashable {
    case paid(SplitPaid)
    /// Without terms on chain there was nothing to divide.
    case unsplit(payout: String)

    package var payout: String {
      switch self {
      case .paid(let split): split.payout
      case .unsplit(let payout): payout
      }
    }

    /// A contract (`C…`) cannot take the merge of an account.
    package var payoutIsContract: Bool { payout.hasPrefix("C") }
  }
}

/// One farmer's part in one block.
package struct Planting: Sendable, Hashable {
  package enum Phase: Sendable, Hashable {
    /// The pooler asked; goes to `planted`, or ends as missed.
    case wanted
    /// Confirmed on chain; goes to `worked`, or ends as lost.
    case planted
    /// A work stands on chain; ends as harvested, or lost.
    case worked(zeros: Int, gap: Int64)
  }

  package struct Nonce: Sendable, Hashable {
    package var value: UInt64
    package var hash: Bytes32
    package var zeros: Int
  }

  package struct Assignment: Sendable, Hashable {
    package var agent: Bytes32
    package var turn: Int
    package var isDelivered: Bool
  }

  package let pooler: PoolerID
  package var phase: Phase = .wanted
  package var stake: Stroops = 0
  package var plantedIn: LedgerSequence = 0
  package var plantAttempts = 0
  package var best: Nonce?
  package var assignment: Assignment?
  /// Assignments so far: the next one's turn.
  package var turns = 0
  package var workFailedForXLM = false
  /// When it did, the sponsor had enough.
  package var sponsorCouldPay = false
  /// What attribution looks at: see ``LossEvidence``.
  package var confirmedLedgersLeft: Int64?
  package var agentWasConnected = false
  package var assignedLedgersLeft: Int64?
  package var nonceLedgersLeft: Int64?
  package var wasDelivered: Bool { trail.delivery != nil }
  package var trail = Trail()

  package init(pooler: PoolerID) { self.pooler = pooler }
}
