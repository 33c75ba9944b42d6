import Bytes
import KaleRules
import Pool
import Sodium
import StellarClient
import StellarXDR

/// The operation that each kind of submission is on chain.
struct Drafts {
  let network: KaleNetwork

  private var calls: KaleCalls { KaleCalls(network) }

  func operations(for submission: Submission, in state: PoolState) throws -> [Operation] {
    guard submission.kind == .createWallets else {
      return [try operation(for: submission, in: state)]
    }
    let wallets = try self.wallets(of: submission)
    if isSponsored(submission, state) { return wallets.flatMap(calls.createSponsored) }
    return wallets.map { calls.createAccount($0, startingBalance: submission.amount) }
  }

  /// Who signs beside the source: wallets whose reserves a sponsor takes on have to agree.
  func coSigners(for submission: Submission, in state: PoolState) throws -> [AccountID] {
    isSponsored(submission, state) ? try wallets(of: submission) : []
  }

  private func isSponsored(_ submission: Submission, _ state: PoolState) -> Bool {
    submission.kind == .createWallets && state.wallets[submission.wallet]?.kind == .sponsor
  }

  private func wallets(of submission: Submission) throws -> [AccountID] {
    let wallets = (submission.target ?? "").split(separator: ",").map { Bytes32(hex: String($0)) }
    guard !wallets.isEmpty, !wallets.contains(nil) else { throw missing("wallets", submission) }
    return wallets.compactMap(\.self)
  }

  private func operation(for submission: Submission, in state: PoolState) throws -> Operation {
    // A channel lends its number; it is the farmer's wallet that farms.
    let wallet = submission.payer ?? submission.wallet
    switch submission.kind {
    case .createWallets: throw missing("list of operations", submission)
    case .plant, .openBlock: return calls.plant(wallet, stake: submission.amount)
    case .work:
      guard let nonce = submission.nonce else { throw missing("nonce", submission) }
      return calls.work(wallet, hash: nonce.hash, nonce: nonce.value)
    case .harvest:
      guard let block = submission.block else { throw missing("block", submission) }
      return calls.harvest(wallet, block)
    case .trust: return calls.trustKale()
    case .untrust: return calls.trustKale(limit: 0)
    case .createBond:
      guard let bond = submission.target.flatMap({ Bytes32(hex: $0) }) else {
        throw missing("wallet", submission)
      }
      return calls.createAccount(bond, startingBalance: submission.amount)
    case .compensate:
      guard let farmer = submission.farmer.flatMap({ state.farmers[$0]?.wallet }) else {
        throw missing("farmer", submission)
      }
      return calls.payKale(to: .account(farmer), submission.amount)
    case .payFromBond where submission.target == nil:
      guard let farmer = submission.farmer.flatMap({ state.farmers[$0]?.wallet }) else {
        throw missing("farmer", submission)
      }
      return calls.payKale(to: .account(farmer), submission.amount)
    case .sweep, .payFromBond, .releaseBond: return try transfer(submission)
    case .merge: return try merge(submission)
    case .join, .setPayout, .settle: return try split(submission, state)
    }
  }

  private func me(_ submission: Submission) -> SCVal { .address(.account(submission.wallet)) }

  // MARK: - Leaving

  private func transfer(_ submission: Submission) throws -> Operation {
    let payout = try payout(of: submission)
    // The asset contract pays accounts and contracts alike.
    return .invoke(
      network.assetContract, "transfer",
      [me(submission), .address(payout), .amount(submission.amount.rawValue)])
  }

  private func merge(_ submission: Submission) throws -> Operation {
    switch try payout(of: submission) {
    case .account(let key): return calls.merge(into: .account(key))
    case .muxedAccount(let id, let key): return calls.merge(into: .muxed(id: id, key))
    case let contract:
      // A contract cannot take a merge: the spare XLM goes there, the account stays.
      return .invoke(
        network.xlmContract, "transfer",
        [me(submission), .address(contract), .amount(submission.amount.rawValue)])
    }
  }

  private func payout(of submission: Submission) throws -> SCAddress {
    guard let payout = submission.target.flatMap({ SCAddress($0) }) else {
      throw missing("payout address", submission)
    }
    return payout
  }

  // MARK: - The split contract

  private func split(_ submission: Submission, _ state: PoolState) throws -> Operation {
    guard let farmer = submission.farmer.flatMap({ state.farmers[$0] }),
      let agreement = farmer.agreement, let pooler = state.poolers[agreement.pooler],
      let poolerAddress = SCAddress(pooler.payout), let payout = SCAddress(agreement.payout)
    else { throw missing("agreement", submission) }
    switch submission.kind {
    case .join:
      return try calls.join(
        submission.wallet, pooler: poolerAddress, bondWallet: .account(pooler.bondWallet),
        share: agreement.shareBps, payout: payout)
    case .setPayout:
      return try calls.setPayout(submission.wallet, self.payout(of: submission))
    default:
      return try calls.settle(
        submission.wallet, exitID: Self.exitID(submission.wallet, submission.exit ?? 0),
        amount: submission.amount, rewards: agreement.rewards, loss: agreement.loss,
        held: submission.held)
    }
  }

  /// The name of an exit on chain, the same however often it is asked for.
  static func exitID(_ wallet: Bytes32, _ exit: ExitID) -> Bytes32 {
    let number = withUnsafeBytes(of: exit.bigEndian) { Array($0) }
    return sha256(Array("kalepool exit".utf8) + wallet.bytes + number)
  }

  private func missing(_ what: String, _ submission: Submission) -> CoordinatorError {
    CoordinatorError("a \(submission.kind.rawValue) without its \(what)")
  }
}
