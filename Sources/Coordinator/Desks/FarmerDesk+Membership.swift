package import Bridge
import Bytes
import Custody
import KaleRules
import Pool
import StellarXDR

/// Joining a pooler, and a farmer's settings.
extension FarmerDesk {
  package func join(
    farmer: API.FarmerID, _ request: API.JoinRequest
  ) async throws -> API.Membership {
    if let joiningNote { throw BridgeError(.unavailable, joiningNote) }
    let wallet = try await walletForReturn(of: farmer)
    try await engine.decide { state, view in
      guard let standing = Standing(farmer.rawValue, in: state, view) else {
        throw Self.unknownFarmer
      }
      try Self.checkFree(standing)
      let pooler = try Self.check(request.pooler, shareBps: request.shareBps, state)
      try Self.checkHarvest(request.harvestAfterBlocks, state)
      var events = try Self.backAgain(standing, wallet)
      if let waiting = standing.farmer.waiting {
        guard waiting.pooler != pooler.id else {
          throw BridgeError(.conflict, "You are in the waiting list of \(pooler.name) already.")
        }
        events.append(QueueLeft(farmer: farmer.rawValue, pooler: waiting.pooler))
      }
      events.append(try Self.firstSettings(request, standing.farmer))
      switch state.admission(to: pooler) {
      case .place:
        events.append(
          AgreementMade(
            agreement: state.lastAgreement + 1, farmer: farmer.rawValue, pooler: pooler.id,
            shareBps: pooler.shareBps, payout: standing.payout))
      case .waits:
        events.append(
          QueueJoined(
            farmer: farmer.rawValue, pooler: pooler.id, shareBps: pooler.shareBps))
      case .owes, .suspended: throw Self.takesNobody(pooler)
      }
      return ((), events)
    }
    return try await standing(of: farmer) { standing in
      standing.membership
        ?? API.Membership(
          pooler: request.pooler, state: .joined, shareBps: request.shareBps)
    }
  }

  private static func firstSettings(
    _ request: API.JoinRequest, _ farmer: Farmer
  ) throws(BridgeError) -> SettingsChanged {
    SettingsChanged(
      farmer: farmer.id, stakeBps: try basisPoints(request.stakeBps, "stakeBps"),
      harvestAfterBlocks: request.harvestAfterBlocks,
      stakeCap: try request.stakeCapStroops.map(cap), paused: farmer.settings?.paused ?? false,
      withinMaxStake: farmer.settings?.withinMaxStake ?? false,
      evenBelowFees: farmer.settings?.evenBelowFees ?? false)
  }

  package func leaveQueue(farmer: API.FarmerID) async throws {
    try await engine.decide { state, view in
      guard let standing = Standing(farmer.rawValue, in: state, view) else {
        throw Self.unknownFarmer
      }
      guard let waiting = standing.farmer.waiting else {
        throw BridgeError(.conflict, "You are in no waiting list.")
      }
      return ((), [QueueLeft(farmer: farmer.rawValue, pooler: waiting.pooler)])
    }
  }

  // MARK: - Coming back

  /// The wallet of a farmer who comes back; nil for one who has not left. The account that a
  /// contract's payout could not merge is used again.
  private func walletForReturn(of farmer: API.FarmerID) async throws -> Bytes32? {
    let (hasLeft, kept) = try await standing(of: farmer) { standing in
      let stays = standing.farmer.exit?.settled?.payoutIsContract == true
      return (standing.farmer.hasLeft, stays ? standing.farmer.wallet : nil)
    }
    guard hasLeft else { return nil }
    if let kept { return kept }
    guard let keeper, registrationNote == nil else {
      throw BridgeError(.unavailable, registrationNote ?? "")
    }
    return try await keeper.makeWallet(owner: farmer.rawValue, purpose: .farmer)
  }

  private static func backAgain(
    _ standing: Standing, _ wallet: Bytes32?
  ) throws(BridgeError) -> [any PoolEvent] {
    guard standing.farmer.hasLeft else { return [] }
    guard let wallet else {
      throw BridgeError(.conflict, "You have just left: try again.", retryAfter: .seconds(1))
    }
    let id = standing.farmer.id
    let back = FarmerRejoined(farmer: id, wallet: wallet)
    return wallet == standing.farmer.wallet
      ? [back] : [WalletMade(wallet: wallet, kind: .farmer, owner: id), back]
  }

  // MARK: - Checks

  /// One pooler at a time.
  private static func checkFree(_ standing: Standing) throws(BridgeError) {
    if standing.farmer.hasLeft { return }
    if standing.farmer.exit != nil {
      throw BridgeError(
        .conflict, "You are leaving: wait until everything is paid out, or call leaving off.")
    }
    if standing.farmer.agreement != nil, let pooler = standing.pooler {
      throw BridgeError(
        .conflict,
        "You are in the pool of \(pooler.name) already: leave it before you join another.")
    }
  }

  /// The pooler, where its terms are those that were seen.
  static func check(
    _ pooler: API.PoolerID, shareBps: Int, _ state: PoolState
  ) throws(BridgeError) -> Pooler {
    guard let pooler = state.poolers[pooler.rawValue] else {
      throw BridgeError(.notFound, "There is no such pooler: choose one of the list.")
    }
    guard shareBps == Int(pooler.shareBps.rawValue) else {
      throw BridgeError(
        .conflict,
        "\(pooler.name) now asks for \(percent(pooler.shareBps)) of the rewards: look at the offer"
          + " again.", field: "shareBps")
    }
    return pooler
  }

  static func takesNobody(_ pooler: Pooler) -> BridgeError {
    BridgeError(
      .conflict,
      pooler.debt > 0
        ? "\(pooler.name) takes nobody while it still owes farmers for lost stakes: choose another"
          + " pooler."
        : "\(pooler.name) takes nobody: it lost stakes in too many blocks in a row. Choose another"
          + " pooler.")
  }

  static func percent(_ share: BasisPoints) -> String {
    let (whole, rest) = (share.rawValue / 100, share.rawValue % 100)
    guard rest > 0 else { return "\(whole) %" }
    return "\(whole).\(rest < 10 ? "0" : "")\(rest) %"
  }

  // MARK: - Settings

  /// What counts from the next plant request on; a payout address after its delay.
  package func changeSettings(
    farmer: API.FarmerID, _ change: API.SettingsChange
  ) async throws -> API.Settings {
    try await engine.decide { [settings] state, view in
      guard let standing = Standing(farmer.rawValue, in: state, view) else {
        throw Self.unknownFarmer
      }
      guard !standing.farmer.hasLeft else {
        throw BridgeError(
          .conflict, "You have left and everything is paid out: nothing is left to set.")
      }
      var events: [any PoolEvent] = []
      if let chosen = try Self.chosen(change, standing) { events.append(chosen) }
      if let typed = change.payoutAddress {
        let address = try PayoutAddress.check(
          typed, field: "payoutAddress", in: state, on: settings.network)
        events += try Self.payoutEvents(address, standing)
      }
      return ((), events)
    }
    return try await standing(of: farmer) { $0.settings }
  }

  /// The new settings; nil where they are as they were.
  private static func chosen(
    _ change: API.SettingsChange, _ standing: Standing
  ) throws(BridgeError) -> SettingsChanged? {
    guard var chosen = standing.farmer.settings else { return nil }
    if let bps = change.stakeBps { chosen.stakeBps = try basisPoints(bps, "stakeBps") }
    if let blocks = change.harvestAfterBlocks {
      try checkHarvest(blocks, standing.state)
      chosen.harvestAfterBlocks = blocks
    }
    switch change.stakeCap {
    case .remove: chosen.stakeCap = nil
    case .stroops(let stroops): chosen.stakeCap = try cap(stroops)
    case nil: break
    }
    if let paused = change.paused { chosen.paused = paused }
    if let within = change.withinMaxStake { chosen.withinMaxStake = within }
    if let even = change.evenBelowFees { chosen.evenBelowFees = even }
    return chosen == standing.farmer.settings ? nil : chosen
  }

  private static func payoutEvents(
    _ address: String, _ standing: Standing
  ) throws(BridgeError) -> [PayoutChanged] {
    guard !standing.settlementHasBegun else {
      throw BridgeError(
        .conflict, "The payout to \(standing.exitPayout) is on its way and cannot be changed.",
        field: "payoutAddress")
    }
    guard let view = standing.view else { throw notFollowing }
    let farmer = standing.farmer
    if address == standing.payout {
      // Back to the address in force: a pending one is dropped.
      guard standing.pendingPayout != nil else { return [] }
      return [PayoutChanged(farmer: farmer.id, payout: address, effectiveAt: 0)]
    }
    guard address != standing.pendingPayout?.address else { return [] }
    var events: [PayoutChanged] = []
    if standing.payout != farmer.payout {
      // The address in force came by a change whose delay is over: a newer change must not undo it.
      events.append(PayoutChanged(farmer: farmer.id, payout: standing.payout, effectiveAt: 0))
    }
    events.append(
      PayoutChanged(
        farmer: farmer.id, payout: address,
        effectiveAt: view.closeTime + standing.state.settings.payoutDelaySeconds))
    return events
  }

  static let notFollowing = BridgeError(
    .unavailable, "The pool does not follow the chain yet: try again in some seconds.",
    retryAfter: .seconds(5))

  // MARK: - Ranges

  private static func checkHarvest(_ blocks: Int, _ state: PoolState) throws(BridgeError) {
    let max = state.settings.harvestAfterBlocksMax
    guard (1...max).contains(blocks) else {
      throw .invalid(
        "harvestAfterBlocks",
        "On this network blocks must be harvested after 1 to \(max) blocks; \(blocks) is not.")
    }
  }

  private static func basisPoints(
    _ bps: Int, _ field: String
  ) throws(BridgeError) -> BasisPoints {
    guard let value = UInt16(exactly: bps), value <= BasisPoints.whole.rawValue else {
      throw .invalid(field, "The stake must be from 0 % to 100 % of the balance.")
    }
    return BasisPoints(value)
  }

  private static func cap(_ stroops: Int64) throws(BridgeError) -> Stroops {
    guard stroops >= 0 else {
      throw .invalid("stakeCapStroops", "The most to stake in a block cannot be below 0.")
    }
    return Stroops(stroops)
  }
}
