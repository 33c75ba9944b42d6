package import KaleRules

/// What can no longer happen, and whose loss it is.
extension PoolState {
  func endings(of farmer: Farmer, _ view: ChainView, into decision: inout Decision) {
    settleUnsplit(farmer, view, into: &decision)
    close(farmer, view, into: &decision)
    for block in farmer.openBlocks {
      // A work may be on its way by a channel.
      let work = ChainTask(farmer: farmer.id, block: block, kind: .work)
      guard let planting = farmer.plantings[block], !view.busy.contains(farmer.wallet),
        !view.tasks.contains(work)
      else { continue }
      switch planting.phase {
      case .wanted:
        if let reason = whyMissed(planting, of: farmer, block, view) {
          decision.events.append(
            PlantingResolved(
              farmer: farmer.id, block: block, pooler: planting.pooler, planted: false, stake: 0,
              ledger: 0, transaction: nil, reason: reason))
        }
      case .planted:
        if block < view.farmIndex {
          decision.events.append(
            lost(planting, of: farmer, block, harvestMissed: false, view))
        }
      case .worked: break
      }
    }
  }

  private func whyMissed(
    _ planting: Planting, of farmer: Farmer, _ block: BlockIndex, _ view: ChainView
  ) -> String? {
    let plantable = view.plantable(settings)
    if block < plantable {
      return whyNotPlanted(planting, of: farmer, block, view) ?? "the block was over"
    }
    if farmer.exit != nil { return "leaving the pool" }
    if planting.plantAttempts >= settings.plantAttemptsMax {
      return "planting failed \(planting.plantAttempts) times"
    }
    if block == view.farmIndex, view.ledgersLeft(settings) < settings.plantLedgersMin {
      return whyNotPlanted(planting, of: farmer, block, view) ?? "too late in the block"
    }
    return nil
  }

  /// The event that a stake was lost, with its culprit and what proves it.
  package func lost(
    _ planting: Planting, of farmer: Farmer, _ block: BlockIndex, harvestMissed: Bool,
    _ view: ChainView? = nil
  ) -> StakeLost {
    var evidence = evidence(
      planting, block, stage: harvestMissed ? .notHarvested : .notWorked)
    // What was read after the nodes had told of them was not wrong by them.
    evidence.unseenLedgers =
      view?.unseen[block]?.filter { $0.left <= evidence.firstLeft }.map(\.count).max() ?? 0
    let blame = Blame(evidence)
    return StakeLost(
      farmer: farmer.id, block: block, pooler: planting.pooler, stake: planting.stake,
      reward: harvestMissed ? earned(planting, in: block) : 0, payer: blame.payer ?? .treasury,
      reason: blame.reason,
      evidence: (evidence.words + planting.trail.words + ["coordinator_start=#\(startedBy)"])
        .joined(separator: " "))
  }

  package func evidence(
    _ planting: Planting, _ block: BlockIndex, stage: LossEvidence.Stage
  ) -> LossEvidence {
    var evidence = LossEvidence(
      stage: stage, cutOffLedgers: settings.cutOffLedgers, answerLedgers: settings.answerLedgers)
    evidence.nonceLedgersLeft = planting.nonceLedgersLeft
    evidence.walletShortOfXLM = planting.workFailedForXLM
    evidence.sponsorCouldPay = planting.sponsorCouldPay
    // Right after a restart it is not known how much is left; whoever was assigned was confirmed.
    evidence.confirmedLedgersLeft = planting.confirmedLedgersLeft ?? planting.assignedLedgersLeft
    if let openedAt = blocks[block]?.openedAt {
      if runningSince > openedAt {
        let left = (openedAt + settings.blockSeconds - 1 - runningSince) / settings.ledgerSeconds
        evidence.restartedLedgersLeft = max(0, left)
      }
    } else {
      // The coordinator never saw the block open.
      evidence.confirmedLedgersLeft = nil
    }
    evidence.agentWasConnected = planting.agentWasConnected
    evidence.assignedLedgersLeft = planting.assignedLedgersLeft
    evidence.assignmentDelivered = planting.wasDelivered
    return evidence
  }
}
