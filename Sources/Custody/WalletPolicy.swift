import Bytes
package import StellarXDR

/// What one wallet may sign now: the rules of its kind with the facts they are about.
package struct WalletPolicy: Sendable {
  /// The parties to a farmer's terms, as agreed when joining.
  package struct Terms: Sendable, Hashable {
    /// Where the pooler's share goes.
    package var pooler: SCAddress
    package var bondWallet: SCAddress
    package var shareBps: UInt32

    package init(pooler: SCAddress, bondWallet: SCAddress, shareBps: UInt32) {
      self.pooler = pooler
      self.bondWallet = bondWallet
      self.shareBps = shareBps
    }
  }

  package var purpose: WalletPurpose
  package var network: KaleNetwork
  /// The registered payout address: a farmer's own, of a bond the pooler's, of the treasury the
  /// operator's. Nil: nothing may be paid out.
  package var payout: SCAddress?
  /// The terms of the agreement in force; nil: the split contract may not be called to join or
  /// settle.
  package var terms: Terms?
  /// Whether the split of this farmer's agreement stands on chain, so that what is left may go to
  /// the payout address.
  package var isSettled = false
  /// The pool's other wallets that this one may deal with: farmers' for the treasury, bonds,
  /// channels and the sponsor; for the treasury also bonds, channels and the sponsor themselves.
  package var ownWallets: Set<AccountID> = []
  /// Payout addresses of farmers who have left and are owed by this bond's pooler.
  package var creditors: Set<SCAddress> = []
  /// The most that one transaction may cost, in stroops of XLM.
  package var feeMax: Int64
  /// The most that one plant may stake, in stroops of KALE; nil: the wallet's balance is the limit.
  package var stakeMax: Int64?

  package init(
    _ purpose: WalletPurpose, network: KaleNetwork, feeMax: Int64, payout: SCAddress? = nil
  ) {
    self.purpose = purpose
    self.network = network
    self.feeMax = feeMax
    self.payout = payout
  }
}
