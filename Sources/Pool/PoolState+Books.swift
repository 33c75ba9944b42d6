import KaleRules

extension PoolState {
  /// The lines of double entry that an event makes; they sum to zero for each asset.
  ///
  /// Sources: what the contract burns and mints (kale.md §3), the split (design.md §7).
  package func postings(for event: any PoolEvent) -> [Posting] {
    let postings = lines(of: event).filter { $0.amount != 0 }
    for asset in BookAsset.allCases {
      let sum = postings.reduce(0) { $0 + ($1.asset == asset ? $1.amount : 0) }
      precondition(sum == 0, "postings of \(type(of: event)) do not sum to zero")
    }
    return postings
  }

  private func lines(of event: any PoolEvent) -> [Posting] {
    switch event {
    case let event as DepositSeen:
      return move(event.amount, event.asset, from: .outside, to: .wallet(event.wallet))
    case let event as WalletFunded:
      return move(event.xlm, .xlm, from: .wallet(event.treasury), to: .wallet(event.wallet))
    case let event as PlantingResolved:
      guard event.planted, let wallet = farmers[event.farmer]?.wallet else { return [] }
      return move(event.stake, .kale, from: .wallet(wallet), to: .staked(event.farmer))
    case let event as Harvested:
      guard let wallet = farmers[event.farmer]?.wallet else { return [] }
      return move(event.stake, .kale, from: .staked(event.farmer), to: .wallet(wallet))
        + move(event.reward, .kale, from: .farm, to: .wallet(wallet))
    case let event as StakeLost:
      return move(event.stake, .kale, from: .staked(event.farmer), to: .farm)
    case let event as Compensated:
      return move(
        event.principal + event.reward, .kale, from: .wallet(event.treasury),
        to: .wallet(event.wallet))
    case let event as BondPaid:
      return move(
        event.amount, .kale, from: .wallet(event.bondWallet),
        to: event.wallet.map { .wallet($0) } ?? .outside)
    case let event as BondReleased:
      return move(event.amount, .kale, from: .wallet(event.bondWallet), to: .outside)
    case let event as SplitPaid:
      return move(event.amount - event.held, .kale, from: .wallet(event.wallet), to: .outside)
        + move(event.held, .kale, from: .wallet(event.wallet), to: .wallet(event.bondWallet))
    case let event as Swept:
      return move(event.amount, .kale, from: .wallet(event.wallet), to: .outside)
    case let event as WalletClosed:
      return move(event.xlm, .xlm, from: .wallet(event.wallet), to: .outside)
    case let event as TransactionResolved:
      return move(event.fee, .xlm, from: .wallet(event.wallet), to: .fees)
    default:
      return []
    }
  }

  private func move(
    _ amount: Stroops, _ asset: BookAsset, from: BookAccount, to: BookAccount
  ) -> [Posting] {
    [Posting(from, asset, -amount.rawValue), Posting(to, asset, amount.rawValue)]
  }
}
