import Bytes
import KaleRules
import Pool
import StellarClient
import StellarXDR

/// Reads from the chain what decisions look at.
struct ChainReader {
  let reader: KaleReader

  /// How things stand at a ledger with the farm as read.
  func view(
    at tick: LedgerTick, _ farm: FarmState, _ state: PoolState
  ) async throws -> (ChainView, BlockOpened?) {
    var view = ChainView(
      ledger: tick.sequence, closeTime: Int64(tick.closeTime), farmIndex: farm.index,
      openedAt: Int64(farm.instance.farmBlock.timestamp), farmIsPaused: farm.instance.isPaused)
    view.openBlock = farm.block?.value
    view.nextBlock = farm.instance.farmBlock.opened(at: tick.closeTime)
    try await readWallets(state, into: &view)
    return (view, try await opened(farm, state))
  }

  private func opened(_ farm: FarmState, _ state: PoolState) async throws -> BlockOpened? {
    // The index only goes up: a node that lags says what was.
    guard let block = farm.block?.value, state.block.map({ $0.block < farm.index }) ?? true else {
      return nil
    }
    // No work can be added to the block before any more.
    let before: FarmBlock? =
      if farm.index > 0, case let index = BlockIndex(farm.index.rawValue - 1) {
        try await reader.blocks([index])[index]?.value
      } else { nil }
    return BlockOpened(
      farm.index, block, openedAt: Int64(farm.instance.farmBlock.timestamp),
      liveUntil: farm.block?.liveUntil ?? 0, before: before)
  }

  /// Wallets that are not ready, and the addresses that leavers' settlements pay.
  private func readWallets(_ state: PoolState, into view: inout ChainView) async throws {
    let unready = state.wallets.values.filter {
      !$0.isReady && !$0.isClosed && !($0.isService && $0.isFunded)
    }.map(\.key)
    let leavers = state.farmers.values.filter { $0.exit != nil && !$0.hasLeft }
    let paid = state.poolers.values.filter { $0.releasable > 0 }.map(\.id)
    let poolers = Set(leavers.compactMap { $0.agreement?.pooler } + paid)
    let claims = state.poolers.values.flatMap(\.claims)
    let payouts = leavers.map { $0.payout(at: view.closeTime) } + claims.map(\.payout)
    let poolerPayouts = poolers.compactMap { state.poolers[$0]?.payout }
    let accounts = Set(unready + (payouts + poolerPayouts).compactMap(Self.account))
    let wallets = try await reader.wallets(accounts.sorted())

    view.funded = Set(unready.filter { wallets[$0] != nil })
    view.trusting = Set(unready.filter { wallets[$0]?.kale != nil })
    for claim in claims {
      view.payoutProblems[claim.farmer] = Self.problem(
        claim.payout, receiving: claim.amount.rawValue, wallets)
    }
    for farmer in leavers {
      view.payoutsChecked.insert(farmer.id)
      let address = farmer.payout(at: view.closeTime)
      // A split may be the whole balance.
      let most = max(0, state.balance(.wallet(farmer.wallet), .kale))
      view.payoutProblems[farmer.id] = Self.problem(address, receiving: most, wallets)
    }
    for pooler in poolers {
      guard let address = state.poolers[pooler]?.payout,
        Self.problem(address, receiving: 0, wallets) != nil
      else { continue }
      view.poolersWithoutTrustline.insert(pooler)
    }
  }

  /// The account behind a `G…` or `M…` address; nil for a contract, which needs no trustline.
  static func account(_ address: String) -> Bytes32? {
    switch SCAddress(address) {
    case .account(let key), .muxedAccount(_, let key): key
    default: nil
    }
  }

  /// Why an address cannot receive an amount of KALE, in words for its owner; nil: it can.
  static func problem(
    _ address: String, receiving amount: Int64, _ wallets: [Bytes32: WalletState]
  ) -> String? {
    guard let key = account(address) else { return nil }
    guard let wallet = wallets[key] else {
      return "the payout account does not exist yet: send it some XLM"
    }
    guard let trustline = wallet.kale else {
      return "the payout account has no KALE trustline: add one in your wallet"
    }
    guard trustline.limit - trustline.balance >= amount else {
      return "the payout account's KALE limit is too low: raise it in your wallet"
    }
    return nil
  }
}

/// Asks the chain about an address before a farmer relies on it.
struct ChainPayouts: PayoutChecker {
  let reader: KaleReader

  func problem(with address: String) async throws -> String? {
    guard let account = ChainReader.account(address) else { return nil }
    return ChainReader.problem(address, receiving: 0, try await reader.wallets([account]))
  }
}
