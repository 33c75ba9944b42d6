package import Bytes
package import KaleRules

/// The farm's block as one node told of it.
package struct FarmSighting: Sendable, Hashable {
  package let index: BlockIndex
  /// Unix seconds of ledger time.
  package let openedAt: UInt64
  /// Nil where the block's entry is not there.
  package let entropy: Bytes32?
  /// As of which ledger.
  package let ledger: LedgerSequence

  package init(
    index: BlockIndex, openedAt: UInt64, entropy: Bytes32?, ledger: LedgerSequence
  ) {
    self.index = index
    self.openedAt = openedAt
    self.entropy = entropy
    self.ledger = ledger
  }
}

/// Whether the nodes agree about the block. Plain logic; time is a parameter.
///
/// Nodes hear of ledgers at different moments, so only what two of them say of the same ledger, or
/// of the same block, can contradict. Until a second node that keeps up has confirmed a new block,
/// it is waited for; a node that lags or is silent is not.
package struct BlockAgreement: Sendable {
  package enum Verdict: Sendable, Hashable {
    case agreed
    /// Another node is about to confirm it, or the sighting is older than another's.
    case waiting
    /// A node contradicts; for the operator: who says what.
    case disputed(by: Int, String)
  }

  private struct Witness {
    var sighting: FarmSighting
    var at: ContinuousClock.Instant
    /// The ledger in which it first told of its present block.
    var since: LedgerSequence
  }

  /// A node that told nothing for so long has no say.
  private static let newsAge = Duration.seconds(8)

  private var witnesses: [Int: Witness] = [:]

  package init() {}

  package mutating func note(
    _ node: Int, _ sighting: FarmSighting, at now: ContinuousClock.Instant
  ) {
    let before = witnesses[node]
    let isSame = before?.sighting.index == sighting.index
    witnesses[node] = Witness(
      sighting: sighting, at: now, since: isSame ? before!.since : sighting.ledger)
  }

  /// Whether what was read from some node may be acted on. A block below `known` has been seen to be
  /// over: a node that tells of one has no say.
  package func verdict(
    on seen: FarmSighting, known: BlockIndex = 0, at now: ContinuousClock.Instant
  ) -> Verdict {
    var verdict = Verdict.agreed
    for (node, witness) in witnesses.sorted(by: { $0.key < $1.key })
    where now - witness.at <= Self.newsAge && witness.sighting.index >= known {
      let other = witness.sighting
      // Nor has one that tells of a block it does not have, while the other does.
      if other.entropy == nil, seen.entropy != nil { continue }
      if other.index == seen.index {
        guard other.openedAt == seen.openedAt else {
          return dispute(node, "block \(seen.index) opened at \(seen.openedAt)", other)
        }
        if let a = other.entropy, let b = seen.entropy, a != b {
          return dispute(node, "block \(seen.index) has entropy \(b)", other)
        }
      } else if other.index < seen.index {
        guard other.ledger < seen.ledger else {
          return dispute(node, "block \(seen.index) in ledger \(seen.ledger)", other)
        }
        if seen.ledger.rawValue - other.ledger.rawValue < NodeBook.lagLedgersMax {
          verdict = .waiting
        }
      } else {
        guard seen.ledger < witness.since else {
          return dispute(node, "block \(seen.index) in ledger \(seen.ledger)", other)
        }
        verdict = .waiting
      }
    }
    return verdict
  }

  private func dispute(_ node: Int, _ seen: String, _ other: FarmSighting) -> Verdict {
    .disputed(
      by: node,
      "one node says \(seen), node \(node + 1) says block \(other.index) opened at"
        + " \(other.openedAt) in ledger \(other.ledger), entropy"
        + " \(other.entropy.map { "\($0)" } ?? "unknown")")
  }
}
