import Bytes
package import KaleRules
import SplitRules

/// What a pooler's bond wallet pays: farmers who have left and are still owed, oldest first; then
/// those who are about to settle; then, when nothing is owed, the pooler what may go back to it.
extension PoolState {
  func bondNext(_ pooler: Pooler, _ view: ChainView) -> Submission? {
    guard let wallet = wallets[pooler.bondWallet], isIdle(wallet.key, view) else { return nil }
    guard wallet.isReady else {
      return view.funded.contains(wallet.key) && !view.trusting.contains(wallet.key)
        ? Submission(wallet: wallet.key, kind: .trust) : nil
    }
    guard spareBond(of: pooler) > 0 else { return nil }
    return payClaim(pooler, view) ?? payLeaver(pooler) ?? release(pooler, view)
  }

  /// KALE in the bond wallet that it can pay out: none without XLM for the fee.
  private func spareBond(of pooler: Pooler) -> Int64 {
    let xlm = balance(.wallet(pooler.bondWallet), .xlm)
    guard xlm >= (settings.minimumBalance + settings.feeReserve).rawValue else { return 0 }
    return balance(.wallet(pooler.bondWallet), .kale)
  }

  private func payClaim(_ pooler: Pooler, _ view: ChainView) -> Submission? {
    guard let claim = pooler.claims.first(where: { view.payoutProblems[$0.farmer] == nil }) else {
      return nil
    }
    var submission = Submission(
      wallet: pooler.bondWallet, kind: .payFromBond, farmer: claim.farmer, exit: claim.exit,
      amount: min(claim.amount, Stroops(spareBond(of: pooler))))
    submission.target = claim.payout
    return submission
  }

  private func payLeaver(_ pooler: Pooler) -> Submission? {
    let leaver = farmers.values.filter { bondOwes($0) > 0 && $0.agreement?.pooler == pooler.id }
      .min { ($0.exit?.id ?? 0) < ($1.exit?.id ?? 0) }
    guard let leaver else { return nil }
    return Submission(
      wallet: pooler.bondWallet, kind: .payFromBond, farmer: leaver.id, exit: leaver.exit?.id,
      amount: bondOwes(leaver))
  }

  /// What the bond is to pay into a leaver's wallet before the settlement: what the losses exceed
  /// the pooler's share by, as far as the bond reaches beyond older claims.
  package func bondOwes(_ farmer: Farmer) -> Stroops {
    guard let exit = farmer.exit, exit.settled == nil, farmer.plantings.isEmpty,
      farmer.owed == 0, let agreement = farmer.agreement,
      agreement.loss > 0, let pooler = poolers[agreement.pooler],
      wallets[pooler.bondWallet]?.isReady == true
    else { return 0 }
    let debt = Stroops(Int64(shares(of: 0, under: agreement).debt)) - agreement.bondPaid
    return max(0, min(debt, Stroops(spareBond(of: pooler)) - pooler.debt))
  }

  private func release(_ pooler: Pooler, _ view: ChainView) -> Submission? {
    let amount = min(
      pooler.releasable, Stroops(max(0, spareBond(of: pooler) - pooler.debt.rawValue)))
    guard amount > 0, !view.poolersWithoutTrustline.contains(pooler.id) else { return nil }
    var submission = Submission(wallet: pooler.bondWallet, kind: .releaseBond, amount: amount)
    submission.target = pooler.payout
    return submission
  }

  // MARK: - What came of it

  func bondFacts(of submission: Submission, _ result: ChainResult) -> [any PoolEvent] {
    guard let pooler = wallets[submission.wallet].flatMap({ poolers[$0.owner] }) else { return [] }
    guard submission.kind == .payFromBond, let farmer = submission.farmer.flatMap({ farmers[$0] })
    else {
      return [
        BondReleased(
          pooler: pooler.id, bondWallet: submission.wallet, amount: submission.amount,
          payout: submission.target ?? "", transaction: result.transaction)
      ]
    }
    return [
      BondPaid(
        pooler: pooler.id, farmer: farmer.id, exit: submission.exit ?? 0,
        bondWallet: submission.wallet, wallet: submission.target == nil ? farmer.wallet : nil,
        payout: submission.target, amount: submission.amount, transaction: result.transaction)
    ]
  }
}
