import Bytes
import KaleRules
import SplitRules

extension PoolState {
  /// The next step of leaving: settle when nothing is open, then close the wallet.
  func leave(_ farmer: Farmer, _ view: ChainView) -> Submission? {
    guard let exit = farmer.exit, farmer.plantings.isEmpty else { return nil }
    guard let settled = exit.settled else {
      guard farmer.agreement?.isConfirmed == true, holdsSettlement(farmer, view) == nil,
        let split = settlement(of: farmer, view)
      else { return nil }
      if let agreement = farmer.agreement, agreement.payout != split.payout, exit.next == nil {
        var submission = Submission(wallet: farmer.wallet, kind: .setPayout, farmer: farmer.id)
        submission.target = split.payout
        return submission
      }
      var submission = Submission(
        wallet: farmer.wallet, kind: .settle, farmer: farmer.id, exit: exit.id,
        amount: split.amount)
      submission.held = split.held
      submission.target = split.payout
      return submission
    }
    var submission = Submission(
      wallet: farmer.wallet, kind: .merge, farmer: farmer.id, exit: exit.id)
    submission.target = settled.payout
    let left = balance(.wallet(farmer.wallet), .kale)
    if left > 0 {
      submission.kind = .sweep
      submission.amount = Stroops(left)
    } else if hasTrustline(farmer, view) {
      submission.kind = .untrust
    } else if settled.payoutIsContract {
      submission.amount = spareXLM(of: farmer)
      if submission.amount == 0 { return nil }
    }
    return submission
  }

  /// Whoever leaves without terms on chain has nothing to divide: all of it is the farmer's.
  func settleUnsplit(_ farmer: Farmer, _ view: ChainView, into decision: inout Decision) {
    // What is under way may be what puts the terms on chain.
    guard let exit = farmer.exit, exit.settled == nil, farmer.agreement?.isConfirmed != true,
      farmer.plantings.isEmpty, !view.busy.contains(farmer.wallet),
      holdsSettlement(farmer, view) == nil
    else { return }
    decision.events.append(
      ExitUnsplit(
        exit: exit.id, farmer: farmer.id, wallet: farmer.wallet,
        payout: farmer.payout(at: view.closeTime)))
  }

  private func hasTrustline(_ farmer: Farmer, _ view: ChainView) -> Bool {
    farmer.exit?.trustlineIsGone != true
      && (wallets[farmer.wallet]?.isReady == true || view.trusting.contains(farmer.wallet))
  }

  /// What can be sent from a wallet that stays because a contract cannot take a merge. What stays is
  /// there when the farmer comes back.
  private func spareXLM(of farmer: Farmer) -> Stroops {
    let borne = min(2, wallets[farmer.wallet]?.sponsoredReserves ?? 0)
    let kept =
      settings.bareBalance.rawValue - borne * settings.baseReserve.rawValue
      + settings.feeReserve.rawValue
    return Stroops(max(0, balance(.wallet(farmer.wallet), .xlm) - kept))
  }

  /// A wallet that stays and has nothing to send is closed as it is.
  func close(_ farmer: Farmer, _ view: ChainView, into decision: inout Decision) {
    guard let exit = farmer.exit, let settled = exit.settled, !hasTrustline(farmer, view),
      settled.payoutIsContract, !view.busy.contains(farmer.wallet),
      balance(.wallet(farmer.wallet), .kale) == 0, spareXLM(of: farmer) == 0
    else { return }
    var settlement = Bytes32.zero
    if case .paid(let split) = settled { settlement = split.transaction }
    decision.events.append(
      WalletClosed(
        exit: exit.id, farmer: farmer.id, wallet: farmer.wallet, xlm: 0, payout: settled.payout,
        transaction: settlement))
  }

  /// Why a leaver's settlement has to wait, in words for the farmer; nil: it need not.
  package func holdsSettlement(_ farmer: Farmer, _ view: ChainView) -> String? {
    // Whoever goes on to another pooler is paid nothing now.
    if farmer.exit?.next == nil, let hold = holdsPayout(farmer, view) { return hold }
    if farmer.owed > 0 {
      return "the pool's compensation is still on its way"
    }
    if bondOwes(farmer) > 0 { return "the pooler's bond pays for lost stakes first" }
    return nil
  }

  private func holdsPayout(_ farmer: Farmer, _ view: ChainView) -> String? {
    if let problem = view.payoutProblems[farmer.id] { return problem }
    if !view.payoutsChecked.contains(farmer.id) { return "checking the payout address" }
    if farmer.exit?.waitsForPayout == true, let next = farmer.nextPayout,
      next.effectiveAt > view.closeTime
    {
      return "the new payout address does not count yet"
    }
    return nil
  }

  /// The split as it would be paid now; nil without an agreement.
  package func settlement(of farmer: Farmer, _ view: ChainView) -> SplitPaid? {
    guard let agreement = farmer.agreement, let pooler = poolers[agreement.pooler] else {
      return nil
    }
    var amount = Stroops(max(0, balance(.wallet(farmer.wallet), .kale)))
    if farmer.exit?.next != nil {
      // Only the pooler's share is paid: the rest goes on to the next pooler in the wallet.
      amount = Stroops(Int64(shares(of: amount, under: agreement).poolerNet))
    }
    let all = view.poolersWithoutTrustline.contains(pooler.id)
    // What is owed to farmers who have left and is not in the bond wallet yet.
    let owed = max(0, pooler.debt.rawValue - balance(.wallet(pooler.bondWallet), .kale))
    return settlement(
      of: farmer, amount: amount, payout: farmer.payout(at: view.closeTime)
    ) { net in all ? net : min(net, Stroops(owed)) }
  }

  /// The split of `amount`, of whose pooler's net `held` goes to the bond wallet.
  func settlement(
    of farmer: Farmer, amount: Stroops, payout: String, held: (_ poolerNet: Stroops) -> Stroops
  ) -> SplitPaid? {
    guard let agreement = farmer.agreement, let pooler = poolers[agreement.pooler] else {
      return nil
    }
    let split = shares(of: amount, under: agreement)
    let net = Stroops(Int64(split.poolerNet))
    return SplitPaid(
      exit: farmer.exit?.id ?? 0, farmer: farmer.id, pooler: pooler.id, wallet: farmer.wallet,
      amount: amount, rewards: agreement.rewards, loss: agreement.loss, poolerNet: net,
      held: held(net), farmerNet: amount - net,
      debt: max(0, Stroops(Int64(split.debt)) - agreement.bondPaid),
      bondWallet: pooler.bondWallet, payout: payout, ledger: 0, transaction: .zero)
  }

  func shares(of amount: Stroops, under agreement: Agreement) -> Split {
    do {
      return try split(
        amount: Int128(amount.rawValue), rewards: Int128(agreement.rewards.rawValue),
        loss: Int128(agreement.loss.rawValue), shareBps: UInt32(agreement.shareBps.rawValue))
    } catch {
      preconditionFailure("amounts and shares of our own books are valid: \(error)")
    }
  }
}
