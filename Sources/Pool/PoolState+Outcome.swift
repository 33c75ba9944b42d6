package import Bytes
package import KaleRules

/// What the chain says of a transaction that did what it was to do.
package struct ChainResult: Sendable, Hashable {
  package var transaction: Bytes32
  package var ledger: LedgerSequence
  /// XLM the wallet paid.
  package var fee: Stroops
  /// Who paid it, where that was not the wallet itself.
  package var payer: Bytes32?
  /// `work`: the gap; `harvest`: the reward; otherwise nothing.
  package var returned: Int64?
  /// Sure ledgers left in the submission's block when this became known; nil: not known.
  package var ledgersLeft: Int64?

  package init(
    transaction: Bytes32, ledger: LedgerSequence, fee: Stroops, payer: Bytes32? = nil,
    returned: Int64? = nil, ledgersLeft: Int64? = nil
  ) {
    self.transaction = transaction
    self.ledger = ledger
    self.fee = fee
    self.payer = payer
    self.returned = returned
    self.ledgersLeft = ledgersLeft
  }
}

extension PoolState {
  /// The facts that follow from a transaction's success, its own outcome first.
  package func consequences(of submission: Submission, _ result: ChainResult) -> [any PoolEvent] {
    let outcome = TransactionResolved(
      transaction: result.transaction, wallet: result.payer ?? submission.wallet,
      result: .succeeded,
      ledger: result.ledger, fee: result.fee, detail: "")
    return [outcome] + facts(of: submission, result)
  }

  private func facts(of submission: Submission, _ result: ChainResult) -> [any PoolEvent] {
    let transaction = result.transaction
    switch submission.kind {
    case .trust:
      // A ledger that was read in between may have told already.
      guard wallets[submission.wallet]?.isReady == false else { return [] }
      return [WalletReady(wallet: submission.wallet)]
    case .createBond:
      guard let bond = submission.target.flatMap({ Bytes32(hex: $0) }) else { return [] }
      return [
        WalletFunded(
          wallet: bond, treasury: submission.wallet, xlm: submission.amount,
          transaction: transaction)
      ]
    case .createWallets:
      let made = (submission.target ?? "").split(separator: ",").compactMap {
        Bytes32(hex: String($0))
      }
      let funded = made.map {
        WalletFunded(
          wallet: $0, treasury: submission.wallet, xlm: submission.amount, transaction: transaction)
      }
      // The sponsor's have their trustlines with them.
      guard wallets[submission.wallet]?.kind == .sponsor else { return funded }
      return funded + made.map { WalletReady(wallet: $0) }
    case .openBlock, .untrust: return []
    case .payFromBond, .releaseBond: return bondFacts(of: submission, result)
    case .plant, .work, .harvest: return blockFacts(of: submission, result)
    case .join, .setPayout, .compensate, .settle, .sweep, .merge:
      return farmerFacts(of: submission, result)
    }
  }

  private func blockFacts(
    of submission: Submission, _ result: ChainResult
  ) -> [any PoolEvent] {
    guard let id = submission.farmer, let block = submission.block,
      let planting = farmers[id]?.plantings[block]
    else { return [] }
    switch submission.kind {
    case .plant:
      return [
        PlantingResolved(
          farmer: id, block: block, pooler: planting.pooler, planted: true,
          stake: submission.amount, ledger: result.ledger, transaction: result.transaction,
          reason: nil, ledgersLeft: result.ledgersLeft)
      ]
    case .work:
      // Another try of the same may have been first.
      guard let nonce = submission.nonce, planting.phase == .planted else { return [] }
      return [
        WorkResolved(
          farmer: id, block: block, nonce: nonce.value, hash: nonce.hash, zeros: nonce.zeros,
          gap: result.returned ?? 0, ledger: result.ledger, transaction: result.transaction)
      ]
    default:
      return [
        Harvested(
          farmer: id, block: block, reward: Stroops(result.returned ?? 0), stake: planting.stake,
          ledger: result.ledger, transaction: result.transaction)
      ]
    }
  }

  private func farmerFacts(
    of submission: Submission, _ result: ChainResult
  ) -> [any PoolEvent] {
    guard let farmer = submission.farmer.flatMap({ farmers[$0] }) else { return [] }
    let (transaction, exit) = (result.transaction, submission.exit ?? 0)
    switch submission.kind {
    case .join:
      guard let agreement = farmer.agreement else { return [] }
      return [
        AgreementConfirmed(
          agreement: agreement.id, farmer: farmer.id, transaction: transaction)
      ]
    case .setPayout:
      guard let agreement = farmer.agreement, let payout = submission.target else { return [] }
      return [
        PayoutConfirmed(
          agreement: agreement.id, farmer: farmer.id, payout: payout, transaction: transaction)
      ]
    case .compensate:
      let principal = min(submission.amount, farmer.owedPrincipal)
      return [
        Compensated(
          farmer: farmer.id, wallet: farmer.wallet, treasury: submission.wallet,
          principal: principal, reward: submission.amount - principal, transaction: transaction)
      ]
    case .settle:
      guard
        var split = settlement(
          of: farmer, amount: submission.amount, payout: submission.target ?? "",
          held: { _ in submission.held })
      else { return [] }
      split.ledger = result.ledger
      split.transaction = transaction
      return [split]
    case .sweep:
      return [
        Swept(
          exit: exit, farmer: farmer.id, wallet: farmer.wallet, amount: submission.amount,
          payout: submission.target ?? "", transaction: transaction)
      ]
    default:
      // A merge gives back what the fee left; a contract is sent an amount.
      let isOwnFee = result.payer.map { $0 == farmer.wallet } ?? true
      let left = balance(.wallet(farmer.wallet), .xlm) - (isOwnFee ? result.fee.rawValue : 0)
      let xlm =
        farmer.exit?.settled?.payoutIsContract == true ? submission.amount : Stroops(max(0, left))
      return [
        WalletClosed(
          exit: exit, farmer: farmer.id, wallet: farmer.wallet, xlm: xlm,
          payout: submission.target ?? "", transaction: transaction)
      ]
    }
  }
}
