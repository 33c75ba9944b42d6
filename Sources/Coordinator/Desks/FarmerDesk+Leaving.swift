package import Bridge
import Bytes
import KaleRules
import Logging
import Pool
import SplitRules
import StellarXDR
import Store

/// "Collect rewards": what leaving would pay, leaving, and calling it off.
extension FarmerDesk {
  package func exitPreview(farmer: API.FarmerID) async throws -> API.ExitPreview {
    var preview = try await standing(of: farmer) { try Self.preview($0) }
    do {
      preview.payoutNote = try await payouts.problem(with: preview.payoutAddress)
    } catch {
      log.warning("a payout address could not be looked up", metadata: ["error": "\(error)"])
      preview.payoutNote = "The address could not be looked up now: look again before you leave."
    }
    preview.payoutReady = preview.payoutNote == nil
    return preview
  }

  /// As if all stakes came back and everything settled now, by the rule the settlement itself uses.
  private static func preview(_ standing: Standing) throws -> API.ExitPreview {
    let farmer = standing.farmer
    try checkMayLeave(standing)
    // Without terms on chain nothing is divided.
    let agreement = farmer.agreement.flatMap { $0.isConfirmed ? $0 : nil }
    // What the treasury owes is in the wallet before settlement.
    let amount =
      standing.liquid + standing.staked + farmer.owed.rawValue
    let rewards = (agreement?.rewards ?? 0) + farmer.owedReward
    let loss = agreement?.loss ?? 0
    let shareBps = agreement?.shareBps ?? 0
    let split = try split(
      amount: Int128(max(0, amount)), rewards: Int128(rewards.rawValue),
      loss: Int128(loss.rawValue), shareBps: UInt32(shareBps.rawValue))
    let fees = fees(standing)
    return API.ExitPreview(
      amount: API.Amount(stroops: max(0, amount)),
      rewards: API.Amount(stroops: rewards.rawValue), shareBps: Int(shareBps.rawValue),
      poolerGross: API.Amount(split.gross),
      loss: API.Amount(stroops: loss.rawValue), poolerShare: API.Amount(split.poolerNet),
      farmerShare: API.Amount(split.farmerNet), debt: API.Amount(split.debt),
      fee: API.Amount(stroops: fees),
      xlmReturned: API.Amount(stroops: max(0, standing.xlm - fees)),
      unharvestedBlocks: farmer.plantings.count, payoutAddress: standing.payout,
      payoutReady: false, steps: steps(standing, isDivided: agreement != nil))
  }

  /// XLM for the harvests, the settlement and closing the wallet: what is kept back for a call,
  /// and so seldom less than what is spent.
  private static func fees(_ standing: Standing) -> Int64 {
    let calls = Int64(standing.farmer.plantings.count + 1)
    return calls * standing.state.settings.feeReserve.rawValue
  }

  private static func steps(_ standing: Standing, isDivided: Bool) -> [String] {
    guard isDivided else {
      return [
        "Nobody has farmed for you, so nothing is divided: all KALE goes to your payout address.",
        "The wallet is closed, and its XLM goes there too.",
      ]
    }
    let open = standing.farmer.plantings.count
    let blocks = open == 1 ? "1 block that is" : "\(open) blocks that are"
    var steps = ["From the next block on nothing is planted for you."]
    if open > 0 {
      steps.append("The \(blocks) still open will be worked, closed and harvested.")
    }
    steps.append(
      "One transaction pays \(standing.pooler?.name ?? "the pooler") its share of the rewards and"
        + " you all the rest.")
    steps.append("The wallet is closed, and its XLM goes to your payout address too.")
    if let pending = standing.pendingPayout {
      steps.append(
        "Your new payout address \(pending.address) does not count yet: leaving now pays"
          + " \(standing.payout).")
    }
    return steps
  }

  /// Also whoever is in no pool may take out what was deposited.
  private static func checkMayLeave(_ standing: Standing) throws(BridgeError) {
    if standing.farmer.hasLeft {
      throw BridgeError(.conflict, "You have left already, and everything is paid out.")
    }
    guard standing.wallet.funded else {
      throw BridgeError(
        .conflict, "Nothing has come to your wallet yet: there is nothing to take out.")
    }
  }

  // MARK: - Leaving

  package func leave(
    farmer: API.FarmerID, _ request: API.LeaveRequest
  ) async throws -> API.Leaving {
    try await engine.decide { state, view in
      guard let standing = Standing(farmer.rawValue, in: state, view) else {
        throw Self.unknownFarmer
      }
      try Self.checkMayLeave(standing)
      guard standing.farmer.exit == nil else { return ((), []) }
      let agreement = standing.farmer.agreement
      let next = try Self.next(request, agreement, state)
      guard let view else { throw Self.notFollowing }
      let exit = ExitRequested(
        exit: state.lastExit + 1, farmer: farmer.rawValue, agreement: agreement?.id,
        block: view.farmIndex,
        waitsForPayout: request.waitForPendingPayout && standing.pendingPayout != nil,
        nextPooler: next?.id, nextShareBps: next?.shareBps)
      guard let waiting = standing.farmer.waiting else { return ((), [exit]) }
      return ((), [QueueLeft(farmer: farmer.rawValue, pooler: waiting.pooler), exit])
    }
    return try await leaving(farmer)
      ?? API.Leaving(
        phase: .closing, requestedAt: API.Timestamp(unixSeconds: WallClock.now),
        blocksToHarvest: 0, canCallOff: false)
  }

  /// The pooler to go on with, where it takes this farmer; nil: leaving for good.
  private static func next(
    _ request: API.LeaveRequest, _ agreement: Agreement?, _ state: PoolState
  ) throws(BridgeError) -> Pooler? {
    guard let wanted = request.nextPooler else { return nil }
    guard let agreement, agreement.isConfirmed else {
      throw BridgeError(
        .conflict, "You are with no pooler yet: join the other one instead.", field: "nextPooler")
    }
    let pooler = try check(wanted, shareBps: request.nextShareBps ?? -1, state)
    guard pooler.id != agreement.pooler else {
      throw BridgeError(.conflict, "You are with \(pooler.name) already.", field: "nextPooler")
    }
    switch state.admission(to: pooler) {
    case .place, .waits: return pooler
    case .owes, .suspended: throw takesNobody(pooler)
    }
  }

  package func callOffLeaving(farmer: API.FarmerID) async throws {
    try await engine.decide { state, view in
      guard let standing = Standing(farmer.rawValue, in: state, view) else {
        throw Self.unknownFarmer
      }
      guard let exit = standing.farmer.exit, !standing.farmer.hasLeft else {
        throw BridgeError(.conflict, "You are not leaving, so there is nothing to call off.")
      }
      guard !standing.settlementHasBegun else {
        throw BridgeError(
          .conflict, "The payout has begun: it is too late to call leaving off.")
      }
      return ((), [ExitCalledOff(exit: exit.id, farmer: farmer.rawValue)])
    }
  }

  /// Leaving as far as it has come, with the time of its request.
  func leaving(_ farmer: API.FarmerID) async throws -> API.Leaving? {
    let found = try await standing(of: farmer) { standing in
      standing.leaving.flatMap { leaving in standing.farmer.exit.map { ($0.id, leaving) } }
    }
    guard case (let exit, var leaving)? = found else { return nil }
    let time = try await history.requestTime(ofExit: exit)
    leaving.requestedAt = API.Timestamp(unixSeconds: time ?? WallClock.now)
    return leaving
  }
}

extension API.Amount {
  /// A sum of our books, which always fits.
  init(_ stroops: Int128) { self.init(stroops: Int64(stroops)) }
}
