import Bytes
import Custody
import Pool
import StellarClient
import StellarXDR

/// Signs for the pool's wallets under the rules that hold at the moment.
struct PoolSigner: TransactionSigner {
  let engine: PoolEngine
  /// Nil without a master key: then nothing is signed.
  let keeper: WalletKeeper?
  let network: KaleNetwork
  let feeMax: Int64

  func sign(
    transaction: Transaction, hash: Bytes32, account: AccountID
  ) async throws -> DecoratedSignature {
    try signer.sign(transaction, wallet: account, policy: try await policy(account))
  }

  func sign(
    feeBump: FeeBumpTransaction, hash: Bytes32, account: AccountID
  ) async throws -> DecoratedSignature {
    try signer.sign(feeBump, wallet: account, policy: try await policy(account))
  }

  private var signer: WalletKeeper {
    get throws {
      guard let keeper else { throw CoordinatorError("the pool has no master key") }
      return keeper
    }
  }

  private func policy(_ account: AccountID) async throws -> WalletPolicy {
    guard let policy = await engine.policy(for: account, network: network, feeMax: feeMax) else {
      throw CoordinatorError("\(StrKey.account(account)) is no wallet of the pool's")
    }
    return policy
  }
}

/// Keeps intents in the pool's journal.
struct PoolJournal: IntentJournal {
  let engine: PoolEngine

  func store(_ intent: TransactionIntent) async throws {
    guard let envelope = Base64.decode(intent.envelope) else {
      throw CoordinatorError("an envelope that is not base64")
    }
    try await engine.intend(
      transaction: intent.hash, wallet: intent.source, sequence: intent.sequence,
      maxTime: Int64(intent.maxTime), madeAfter: intent.madeAfter, envelope: envelope)
  }
}
