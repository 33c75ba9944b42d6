package import Bytes
package import Custody
import KaleRules
import Pool
package import StellarXDR

extension PoolEngine {
  /// What a wallet may sign as things stand; nil for a wallet that is not the pool's.
  package func policy(for key: Bytes32, network: KaleNetwork, feeMax: Int64) -> WalletPolicy? {
    guard let wallet = state.wallets[key] else { return nil }
    switch wallet.kind {
    case .farmer:
      guard let farmer = state.farmers[wallet.owner] else { return nil }
      // What was settled goes on to where it was paid, whatever address counts by now.
      let payout = farmer.exit?.settled?.payout ?? farmer.payout(at: view?.closeTime ?? 0)
      var policy = WalletPolicy(
        .farmer, network: network, feeMax: feeMax, payout: SCAddress(payout))
      policy.isSettled = farmer.exit?.settled != nil
      if let agreement = farmer.agreement, let pooler = state.poolers[agreement.pooler],
        let address = SCAddress(pooler.payout)
      {
        policy.terms = WalletPolicy.Terms(
          pooler: address, bondWallet: .account(pooler.bondWallet),
          shareBps: UInt32(agreement.shareBps.rawValue))
      }
      return policy
    case .treasury:
      var policy = WalletPolicy(.treasury, network: network, feeMax: feeMax)
      policy.ownWallets = Set(state.wallets.keys)
      return policy
    case .channel, .sponsor:
      var policy = WalletPolicy(
        wallet.kind == .channel ? .channel : .sponsor, network: network, feeMax: feeMax)
      policy.ownWallets = Set(state.wallets.values.filter { $0.kind == .farmer }.map(\.key))
      return policy
    case .bond:
      var policy = WalletPolicy(
        .bond, network: network, feeMax: feeMax,
        payout: state.poolers[wallet.owner].flatMap { SCAddress($0.payout) })
      policy.ownWallets = Set(state.wallets.values.filter { $0.kind == .farmer }.map(\.key))
      policy.creditors = Set(
        state.poolers[wallet.owner]?.claims.compactMap { SCAddress($0.payout) } ?? [])
      return policy
    }
  }
}
