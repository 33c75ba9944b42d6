import Bridge
import Bytes
import KaleRules
import Pool
import StellarXDR

/// How one farmer stands at one moment, in the words and figures a farmer is shown.
///
/// Made and used within one look at the engine's state; nothing of it is kept.
struct Standing {
  let farmer: Farmer
  let state: PoolState
  /// Nil before the first ledger of this run.
  let view: ChainView?

  /// Nil for a number nobody has.
  init?(_ farmer: FarmerID, in state: PoolState, _ view: ChainView?) {
    guard let farmer = state.farmers[farmer] else { return nil }
    self.farmer = farmer
    self.state = state
    self.view = view
  }

  // MARK: - Wallet

  var address: String { StrKey.account(farmer.wallet) }
  var liquid: Int64 { state.balance(.wallet(farmer.wallet), .kale) }
  var xlm: Int64 { state.balance(.wallet(farmer.wallet), .xlm) }
  var staked: Int64 { state.balance(.staked(farmer.id), .kale) }

  private var isReady: Bool { state.wallets[farmer.wallet]?.isReady == true }

  private var isFunded: Bool {
    isReady || xlm > 0 || view?.funded.contains(farmer.wallet) == true
  }

  var wallet: API.Wallet {
    API.Wallet(
      address: address, kale: API.Amount(stroops: liquid), xlm: API.Amount(stroops: xlm),
      funded: isFunded && !farmer.hasLeft,
      trustline: !farmer.hasLeft && farmer.exit?.trustlineIsGone != true
        && (isReady || view?.trusting.contains(farmer.wallet) == true))
  }

  // MARK: - Status

  var status: API.FarmerStatus {
    if farmer.hasLeft { return .departed }
    if farmer.exit != nil { return .leaving }
    guard isReady else { return hasXLMToBegin ? .awaitingTrustline : .awaitingXLM }
    if farmer.agreement == nil { return farmer.waiting == nil ? .ready : .waiting }
    return farmer.settings?.paused == true ? .paused : .farming
  }

  /// Whether the wallet can pay for its trustline.
  private var hasXLMToBegin: Bool {
    xlm >= state.settings.minimumBalance.rawValue + state.settings.feeReserve.rawValue
  }

  /// The farmer's pooler, or the one whose waiting list the farmer is in.
  var pooler: Pooler? {
    (farmer.agreement?.pooler ?? farmer.waiting?.pooler).flatMap { state.poolers[$0] }
  }

  /// Whether a pooler has an agent connected that may work.
  static func isOnline(_ pooler: PoolerID, _ state: PoolState, _ view: ChainView?) -> Bool {
    view?.liveAgents.contains {
      state.agents[$0]?.pooler == pooler && state.agents[$0]?.mayWork == true
    } ?? false
  }

  /// The payout address in force; before the first ledger of this run, as of the last one known.
  var payout: String { farmer.payout(at: now) }

  /// Ledger time, or the last one known of. A time too early shows a pending address longer than
  /// it is; nothing is paid by it.
  var now: Int64 { view?.closeTime ?? state.block?.openedAt ?? state.runningSince }

  // MARK: - Parts

  var settings: API.Settings {
    let chosen = farmer.settings
    return API.Settings(
      stakeBps: Int(chosen?.stakeBps.rawValue ?? 0),
      harvestAfterBlocks: chosen?.harvestAfterBlocks ?? 1,
      stakeCap: chosen?.stakeCap.map { API.Amount(stroops: $0.rawValue) },
      paused: chosen?.paused ?? false, withinMaxStake: chosen?.withinMaxStake ?? false,
      evenBelowFees: chosen?.evenBelowFees ?? false, payoutAddress: payout,
      payoutPending: pendingPayout)
  }

  var pendingPayout: API.PendingPayout? {
    guard let next = farmer.nextPayout, next.effectiveAt > now else { return nil }
    return API.PendingPayout(
      address: next.address, effectiveAt: API.Timestamp(unixSeconds: next.effectiveAt))
  }

  var membership: API.Membership? {
    if let waiting = farmer.waiting {
      return API.Membership(
        pooler: API.PoolerID(rawValue: waiting.pooler), state: .waiting,
        position: state.queuePosition(of: farmer), shareBps: Int(waiting.shareBps.rawValue))
    }
    guard !farmer.hasLeft, let agreement = farmer.agreement else { return nil }
    return API.Membership(
      pooler: API.PoolerID(rawValue: agreement.pooler), state: .joined,
      shareBps: Int(agreement.shareBps.rawValue))
  }

  /// The open block and the farmer's part in it.
  func block(_ pace: Pace) -> API.BlockNow? {
    guard let view else { return nil }
    let planting = farmer.plantings[view.farmIndex]
    let left = pace.milliseconds(view.openedAt + state.settings.blockSeconds - view.closeTime)
    return API.BlockNow(
      index: view.farmIndex.rawValue, openedAt: API.Timestamp(unixSeconds: view.openedAt),
      nextOpensInSeconds: Int(left / 1_000), state: planting.map(\.shownState),
      stake: planting.flatMap {
        $0.phase == .wanted ? nil : API.Amount(stroops: $0.stake.rawValue)
      },
      zeros: planting?.shownZeros)
  }
}

extension Planting {
  var shownState: API.BlockState {
    switch phase {
    case .wanted: .planting
    case .planted: .planted
    case .worked: .worked
    }
  }

  /// On chain, or the best that was delivered so far.
  var shownZeros: Int? {
    if case .worked(let zeros, _) = phase { zeros } else { best?.zeros }
  }
}
