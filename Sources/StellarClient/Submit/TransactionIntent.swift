package import Bytes
package import KaleRules
package import StellarXDR

/// A signed transaction that may be sent: everything that is needed to find out later what became
/// of it. Stored before the first byte is sent.
package struct TransactionIntent: Sendable, Hashable {
  /// By which the network knows it.
  package let hash: Bytes32
  package let source: AccountID
  package let sequence: Int64
  /// Unix seconds of ledger time after which it can never be included.
  package let maxTime: UInt64
  /// The last closed ledger when it was made: it can be in later ones only.
  package let madeAfter: LedgerSequence
  /// The signed envelope, base64: what is sent, and sent again, byte for byte.
  package let envelope: String
  /// The draft's.
  package let purpose: String

  package init(
    hash: Bytes32, source: AccountID, sequence: Int64, maxTime: UInt64,
    madeAfter: LedgerSequence, envelope: String, purpose: String
  ) {
    self.hash = hash
    self.source = source
    self.sequence = sequence
    self.maxTime = maxTime
    self.madeAfter = madeAfter
    self.envelope = envelope
    self.purpose = purpose
  }
}
