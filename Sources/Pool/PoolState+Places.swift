import KaleRules

/// How many farmers a pooler may have, and what sets the bound.
package struct Places: Sendable, Hashable {
  /// What the pooler takes by its own word, or its agents by theirs.
  package var own: Int
  /// What it delivered the hashes for; nil: that is no bound.
  package var delivered: Int?
  /// What its bond covers; nil: none is asked for, or nothing is staked yet.
  package var bonded: Int?

  package var most: Int { min(own, delivered ?? own, bonded ?? own) }
}

/// What comes of asking for a place.
package enum PlaceAnswer: Sendable, Hashable {
  case place
  /// In the waiting list, at this place from 1.
  case waits(Int)
  /// The pooler takes nobody: it owes farmers for lost stakes.
  case owes
  /// The pooler takes nobody: it lost stakes in too many blocks in a row.
  case suspended
}

/// Admission: first come, first served, and never by stake.
extension PoolState {
  package func places(of pooler: Pooler) -> Places {
    let delivered = pooler.delivered.map {
      settings.hashesPerFarmerMin > 0 ? Int($0 / settings.hashesPerFarmerMin) : pooler.farmersMax
    }
    return Places(
      own: min(pooler.farmersMax, agentsTake(pooler.id) ?? pooler.farmersMax),
      delivered: delivered, bonded: bonded(pooler))
  }

  /// What a pooler's agents take together; nil where one sets no bound, or there is none.
  private func agentsTake(_ pooler: PoolerID) -> Int? {
    let agents = agents.values.filter { $0.pooler == pooler && $0.mayWork }
    let bounds = agents.compactMap(\.farmersMax)
    return bounds.isEmpty || bounds.count < agents.count ? nil : bounds.reduce(0, +)
  }

  /// The bond over what the pooler's farmers would lose in the blocks it is to cover, each.
  private func bonded(_ pooler: Pooler) -> Int? {
    guard settings.bondBlocks > 0 else { return nil }
    let stakes = farmers.values.filter { $0.agreement?.pooler == pooler.id && !$0.hasLeft }
      .map { stake(of: $0).rawValue }
    let each = stakes.isEmpty ? 0 : stakes.reduce(0, +) / Int64(stakes.count)
    let bond = balance(.wallet(pooler.bondWallet), .kale)
    guard each > 0 else { return bond > 0 ? nil : 0 }
    return Int(clamping: bond / (each * settings.bondBlocks))
  }

  package func free(with pooler: Pooler) -> Int {
    max(0, places(of: pooler).most - membership(of: pooler.id))
  }

  /// What comes of asking for a place now.
  package func admission(to pooler: Pooler) -> PlaceAnswer {
    if pooler.debt > 0 { return .owes }
    if pooler.isSuspended { return .suspended }
    return pooler.queue.isEmpty && free(with: pooler) > 0 ? .place : .waits(pooler.queue.count + 1)
  }

  /// A farmer's place in the waiting list, from 1.
  package func queuePosition(of farmer: Farmer) -> Int? {
    farmer.waiting.flatMap { poolers[$0.pooler]?.queue.firstIndex(of: farmer.id) }.map { $0 + 1 }
  }

  // MARK: - What a pooler's doing leads to

  /// Places that are free go to those who wait, first come first.
  func promote(_ view: ChainView, into decision: inout Decision) {
    var agreement = lastAgreement
    for pooler in poolers.values.sorted(by: { $0.id < $1.id })
    where !pooler.queue.isEmpty && pooler.debt == 0 && !pooler.isSuspended
      && pooler.badBlocks < settings.badBlocksMax
    {
      for id in pooler.queue.prefix(free(with: pooler)) {
        guard let farmer = farmers[id], let waiting = farmer.waiting else { continue }
        agreement += 1
        decision.events.append(
          AgreementMade(
            agreement: agreement, farmer: id, pooler: pooler.id, shareBps: waiting.shareBps,
            payout: farmer.payout(at: view.closeTime)))
        decision.events.append(
          Notice(farmer: id, level: "info", text: "\(pooler.name) has a place for you now."))
      }
    }
  }

  /// A pooler that loses stakes block after block plants no more until the operator has looked.
  func suspend(into decision: inout Decision) {
    for pooler in poolers.values.sorted(by: { $0.id < $1.id })
    where !pooler.isSuspended && pooler.badBlocks >= settings.badBlocksMax {
      decision.events.append(
        PoolerSuspended(
          pooler: pooler.id, block: pooler.lastBadBlock, badBlocks: pooler.badBlocks))
      decision.events.append(
        Notice(
          pooler: pooler.id, level: "alert",
          text: "\(pooler.name) lost stakes in \(pooler.badBlocks) blocks in a row and plants no"
            + " more: its losses are paid for, and you may choose another pooler."))
    }
  }
}
