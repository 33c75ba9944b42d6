import Bridge
import Bytes
import KaleRules
import Pool

extension Standing {
  /// What to do next, or what happens next, in one plain sentence.
  func nextStep(fundingHint: String?) -> String {
    switch status {
    case .registered: return "Your wallet is being made."
    case .awaitingXLM:
      let missing = Self.xlmToBegin(state.settings).rawValue - xlm
      let hint = fundingHint.map { " \($0)" } ?? ""
      return "Send \(amount(max(1, missing))) XLM or more to \(address): it opens your wallet and"
        + " pays its fees.\(hint)"
    case .awaitingTrustline:
      return "Your XLM has come and the wallet is being prepared for KALE: do not send KALE yet,"
        + " this takes some seconds."
    case .ready: return "Choose a pooler who farms for you."
    case .waiting:
      return "Wait: you are number \(state.queuePosition(of: farmer) ?? 1) for a place with"
        + " \(pooler?.name ?? "the pooler"), and join when one is free. You may choose another pooler."
    case .paused:
      return "Planting is paused and harvests go on: switch the pause off to farm again."
    case .farming: return farmingStep
    case .leaving: return leaving.map(leavingStep) ?? ""
    case .departed:
      return
        "You have left and everything was paid to \(exitPayout): to farm again, choose a pooler."
    }
  }

  /// XLM with which a wallet can begin: its reserve, and the fees of setting up, of a few blocks
  /// and of leaving, rounded up to half an XLM.
  static func xlmToBegin(_ settings: PoolSettings, openBlocks: Int = 5) -> Stroops {
    // Trustline and join; plant and work; the open harvests; settle, sweep, trustline off, merge.
    let transactions = Int64(2 + 2 + openBlocks + 4)
    let exact = settings.minimumBalance.rawValue + transactions * settings.feeReserve.rawValue
    let half = Stroops.perCoin / 2
    return Stroops((exact + half - 1) / half * half)
  }

  private var farmingStep: String {
    guard let agreement = farmer.agreement, let pooler else { return "" }
    if !agreement.isConfirmed, state.coversFees(farmer) {
      return "Your terms with \(pooler.name) are being put on chain; planting begins with the block"
        + " after that."
    }
    if pooler.isSuspended {
      return
        "\(pooler.name) lost stakes block after block and plants no more for now: wait, or leave"
        + " to choose another pooler. What was lost is paid for."
    }
    if !state.coversFees(farmer) {
      return
        "Send XLM to \(address): there is too little left for the fees, and no block is planted"
        + " until it comes."
    }
    if view != nil, !Self.isOnline(pooler.id, state, view) {
      return "\(pooler.name) is not connected now, so nothing is planted and no stake is at risk:"
        + " wait, or leave to choose another pooler."
    }
    if liquid == 0, farmer.plantings.isEmpty {
      return "Send KALE to \(address) to stake it; without a stake you farm for a small reward."
    }
    return "Nothing to do: \(pooler.name) farms for you in every block."
  }

  private func leavingStep(_ leaving: API.Leaving) -> String {
    let next = farmer.exit?.next.flatMap { state.poolers[$0.pooler]?.name }
    let who = next.map { "You are changing to \($0)" } ?? "You are leaving"
    return switch leaving.phase {
    case .requested: "\(who): the open block is still worked, then it is harvested."
    case .harvesting: "\(who): your blocks are being harvested."
    case .held: "\(who), and the payout waits: \(leaving.note ?? "it is being prepared")."
    case .settling:
      next == nil
        ? "\(who): the payout to \(exitPayout) is on its way."
        : "\(who): \(pooler?.name ?? "the pooler")'s share is being paid, the rest stays in your wallet."
    case .closing:
      "You are paid: what is left goes to \(exitPayout) and your wallet is being closed."
    }
  }

  /// Where leaving pays to: what the settlement paid, or would pay now.
  var exitPayout: String { farmer.exit?.settled?.payout ?? payout }

  func amount(_ stroops: Int64) -> String { API.Amount(stroops: stroops).display }
}
