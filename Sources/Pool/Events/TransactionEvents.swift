package import Bytes
package import KaleRules

/// A signed transaction is about to be sent: stored first, so that a crash leaves no doubt.
package struct TransactionIntended: PoolEvent {
  package static let table = "tx_intents"
  package var transaction: Bytes32
  /// The wallet whose sequence number it takes.
  package var wallet: Bytes32
  package var sequence: Int64
  /// Unix seconds of ledger time after which it can never be included.
  package var maxTime: Int64
  /// The last closed ledger when it was made: it can be in later ones only.
  package var madeAfter: LedgerSequence
  package var envelope: [UInt8]
  package var kind: TransactionKind
  package var farmer: FarmerID?
  package var block: BlockIndex?
  package var exit: ExitID?
  /// KALE at stake: a plant's stake, a settlement's sum, a compensation.
  package var amount: Stroops
  /// Of a settlement: the part of the pooler's net that goes to its bond wallet.
  package var held: Stroops
  /// A work's nonce and its hash.
  package var nonce: UInt64?
  package var hash: Bytes32?
  /// The other account: a payout address, a wallet to be made.
  package var target: String?

  package init(
    _ submission: Submission, transaction: Bytes32, sequence: Int64, maxTime: Int64,
    madeAfter: LedgerSequence, envelope: [UInt8]
  ) {
    self.transaction = transaction
    self.wallet = submission.wallet
    self.sequence = sequence
    self.maxTime = maxTime
    self.madeAfter = madeAfter
    self.envelope = envelope
    self.kind = submission.kind
    self.farmer = submission.farmer
    self.block = submission.block
    self.exit = submission.exit
    self.amount = submission.amount
    self.held = submission.held
    self.nonce = submission.nonce?.value
    self.hash = submission.nonce?.hash
    self.target = submission.target
  }
}

/// What a transaction of the pool's does.
package enum TransactionKind: String, Codable, Sendable, Hashable, CaseIterable {
  case plant, work, harvest, openBlock
  case createBond, createWallets, trust, join, setPayout
  case compensate, payFromBond, releaseBond, settle, sweep, untrust, merge
}

/// What became of an intended transaction, for ever.
package struct TransactionResolved: PoolEvent {
  package static let table = "tx_outcomes"
  package var transaction: Bytes32
  /// Who paid the fee: the wallet itself, or the fee source of a fee bump.
  package var wallet: Bytes32
  package var result: TransactionFate
  package var ledger: LedgerSequence
  /// XLM that the wallet paid; 0 if never included.
  package var fee: Stroops
  /// It failed because the wallet lacks XLM.
  package var shortOfXlm: Bool
  package var detail: String

  package init(
    transaction: Bytes32, wallet: Bytes32, result: TransactionFate, ledger: LedgerSequence,
    fee: Stroops, shortOfXlm: Bool = false, detail: String
  ) {
    self.transaction = transaction
    self.wallet = wallet
    self.result = result
    self.ledger = ledger
    self.fee = fee
    self.shortOfXlm = shortOfXlm
    self.detail = detail
  }
}

package enum TransactionFate: String, Codable, Sendable, Hashable {
  /// Included, and did what it was to do.
  case succeeded
  /// Included, fee and sequence number spent, nothing else done.
  case failed
  /// Can no longer be included: the sequence number is free again.
  case neverIncluded
}
