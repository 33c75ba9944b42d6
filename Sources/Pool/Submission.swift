package import Bytes
package import KaleRules

/// A transaction that is to be made, signed, stored and sent.
package struct Submission: Sendable, Hashable {
  /// Whose sequence number it takes: one at a time for each wallet.
  package var wallet: Bytes32
  /// Who pays where it is not that wallet: then the wallet only lends its sequence number.
  package var payer: Bytes32?
  package var kind: TransactionKind
  package var farmer: FarmerID?
  package var block: BlockIndex?
  package var exit: ExitID?
  package var amount: Stroops = 0
  /// Of a settlement: the part of the pooler's net that goes to its bond wallet.
  package var held: Stroops = 0
  package var nonce: Planting.Nonce?
  /// The other account: a payout address, a wallet to be made.
  package var target: String?

  package init(
    wallet: Bytes32, kind: TransactionKind, farmer: FarmerID? = nil, block: BlockIndex? = nil,
    exit: ExitID? = nil, amount: Stroops = 0
  ) {
    self.wallet = wallet
    self.kind = kind
    self.farmer = farmer
    self.block = block
    self.exit = exit
    self.amount = amount
  }

  /// What a stored intent was for, after a restart.
  package init(_ intent: TransactionIntended) {
    self.init(
      wallet: intent.wallet, kind: intent.kind, farmer: intent.farmer, block: intent.block,
      exit: intent.exit, amount: intent.amount)
    held = intent.held
    target = intent.target
    if let value = intent.nonce, let hash = intent.hash {
      nonce = Planting.Nonce(value: value, hash: hash, zeros: KaleHash.zeros(hash))
    }
  }
}

/// What the pool decides at one ledger.
package struct Decision: Sendable {
  /// Facts to record, in this order.
  package var events: [any PoolEvent] = []
  /// Transactions to send once the events are recorded.
  package var submissions: [Submission] = []

  package init() {}
}
