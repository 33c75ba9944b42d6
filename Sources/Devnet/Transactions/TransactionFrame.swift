package import Bytes
package import StellarXDR

/// An envelope as the devnet handles it: decoded, hashed and its signatures checked once.
///
/// Making one needs no ledger, so it is done before the ledger is asked.
package struct TransactionFrame: Sendable {
  package let envelope: TransactionEnvelope
  package let byteCount: Int
  /// The hash by which the network knows it; of a fee bump the outer one.
  package let hash: Bytes32
  /// The inner hash of a fee bump, else the same.
  package let innerHash: Bytes32
  /// Who signed the (inner) transaction: accounts it names whose key made a valid signature.
  let signers: Set<AccountID>
  /// Signatures of the (inner) transaction that belong to no account it names: further signers'.
  let straySignatures: [DecoratedSignature]
  /// Whether the fee source signed a fee bump.
  let isFeeSigned: Bool
  let strayFeeSignatures: [DecoratedSignature]

  package init(_ envelope: TransactionEnvelope, networkID: Bytes32) {
    self.envelope = envelope
    byteCount = envelope.xdr.count
    hash = envelope.hash(networkID: networkID)
    let signatures: [DecoratedSignature]
    switch envelope {
    case .transaction(_, let given):
      signatures = given
      innerHash = hash
      isFeeSigned = true
      strayFeeSignatures = []
    case .feeBump(let bump, let outer):
      signatures = bump.innerSignatures
      innerHash = bump.inner.hash(networkID: networkID)
      let (found, stray) = Self.signers(outer, hash, among: [bump.feeSource.accountID])
      isFeeSigned = !found.isEmpty
      strayFeeSignatures = stray
    }
    let inner = envelope.inner
    let named = [inner.source.accountID] + inner.operations.compactMap { $0.source?.accountID }
    (signers, straySignatures) = Self.signers(signatures, innerHash, among: named)
  }

  private static func signers(
    _ signatures: [DecoratedSignature], _ hash: Bytes32, among accounts: [AccountID]
  ) -> (Set<AccountID>, stray: [DecoratedSignature]) {
    var found: Set<AccountID> = []
    var stray: [DecoratedSignature] = []
    for signature in signatures {
      let signer = Set(accounts).subtracting(found).first { signature.isValid(for: hash, by: $0) }
      if let signer { found.insert(signer) } else { stray.append(signature) }
    }
    return (found, stray)
  }

  package var transaction: Transaction { envelope.inner }
  package var source: AccountID { transaction.source.accountID }
  package var isFeeBump: Bool { if case .feeBump = envelope { true } else { false } }

  package var feeSource: AccountID {
    if case .feeBump(let bump, _) = envelope { bump.feeSource.accountID } else { source }
  }

  /// The most that may be charged, in stroops.
  var fee: Int64 {
    if case .feeBump(let bump, _) = envelope { bump.fee } else { Int64(transaction.fee) }
  }

  var resourceFee: Int64 { transaction.sorobanData?.resourceFee ?? 0 }
  /// What is offered for being included.
  var inclusionFee: Int64 { fee - resourceFee }
  /// Operations that are paid for: a fee bump counts as one more.
  var paidOperations: Int64 { Int64(transaction.operations.count) + (isFeeBump ? 1 : 0) }
  var isSoroban: Bool { transaction.operations.contains(where: \.isSoroban) }

  /// Whether this one offers more per operation than `other`.
  func outbids(_ other: TransactionFrame) -> Bool {
    Int128(inclusionFee) * Int128(other.paidOperations)
      > Int128(other.inclusionFee) * Int128(paidOperations)
  }

  /// What `other` would have to offer to outbid this one, in stroops.
  func inclusionFeeToBeat(by other: TransactionFrame) -> Int64 {
    let needed = Int128(inclusionFee) * Int128(other.paidOperations) / Int128(paidOperations) + 1
    return Int64(clamping: needed)
  }

  /// Stroops per operation that are offered at least, rounded down.
  var feeRate: Int64 { inclusionFee / max(1, paidOperations) }
}
