package import Bytes
package import StellarXDR

/// Keeps intents where a crash cannot reach them.
package protocol IntentJournal: Sendable {
  /// Returns when the intent is durable. Nothing is sent before.
  func store(_ intent: TransactionIntent) async throws
}

/// Signs for accounts, or refuses.
package protocol TransactionSigner: Sendable {
  /// The signature of `account` over `hash`, which is the hash of `transaction` on the signer's
  /// network.
  func sign(
    transaction: Transaction, hash: Bytes32, account: AccountID
  ) async throws -> DecoratedSignature

  /// The same for a fee bump, whose fee `account` pays.
  func sign(
    feeBump: FeeBumpTransaction, hash: Bytes32, account: AccountID
  ) async throws -> DecoratedSignature
}
