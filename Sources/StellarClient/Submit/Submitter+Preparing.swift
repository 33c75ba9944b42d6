import Bytes
import KaleRules
import StellarXDR

/// From a draft to a stored intent. Nothing is sent here.
extension Submitter {
  func readSequence(_ account: AccountID) async throws(SubmitError) -> Int64 {
    let entries = try await ask { () throws(RPCError) in
      try await rpc.getLedgerEntries([.account(account)])
    }
    guard case .account(let entry)? = entries[.account(account)]?.data else {
      throw SubmitError(.accountMissing, "there is no account \(StrKey.account(account))")
    }
    return entry.sequence
  }

  func prepare(
    _ draft: TransactionDraft, after sequence: Int64
  ) async throws(SubmitError) -> TransactionIntent {
    let tick = try await ask { () throws(RPCError) in try await follower.current() }
    let maxTime = tick.closeTime + draft.secondsMax
    let inclusion =
      (draft.inclusionFee ?? settings.inclusionFee) * Int64(draft.operations.count)
    var transaction = Transaction(
      source: .account(draft.source), fee: try fee(inclusion), sequence: sequence + 1,
      preconditions: .time(TimeBounds(max: maxTime)), operations: draft.operations)
    guard (1...100).contains(draft.operations.count) else {
      throw SubmitError(.badDraft, "a transaction has 1 to 100 operations")
    }
    if draft.operations.contains(where: \.isSoroban) {
      guard draft.operations.count == 1 else {
        throw SubmitError(.badDraft, "a contract call is a transaction of its own")
      }
      try await addResources(to: &transaction, inclusion: inclusion)
    }
    let intent = try await sign(transaction, draft, maxTime: maxTime, madeAfter: tick.sequence)
    do {
      try await journal.store(intent)
    } catch {
      throw SubmitError(.notStored, "the intent could not be stored: \(error)", cause: error)
    }
    return intent
  }

  /// Footprint, resources, authorisation and fee as the simulation has them.
  private func addResources(
    to transaction: inout Transaction, inclusion: Int64
  ) async throws(SubmitError) {
    let tried = transaction
    let result = try await ask { () throws(RPCError) in
      try await rpc.simulate(tried, on: network)
    }
    switch result {
    case .failure(let failure):
      throw SubmitError(.wouldFail(failure), "the call would fail: \(failure)", cause: failure)
    case .success(let simulation):
      transaction.sorobanData = simulation.data
      transaction.fee = try fee(
        inclusion + max(simulation.resourceFee, simulation.data.resourceFee))
      if case .invokeHostFunction(let function, let auth) = transaction.operations[0].body,
        auth.isEmpty
      {
        transaction.operations[0].body = .invokeHostFunction(function, auth: simulation.auth)
      }
    }
  }

  private func fee(_ stroops: Int64) throws(SubmitError) -> UInt32 {
    guard stroops <= settings.feeMax, let fee = UInt32(exactly: stroops) else {
      throw SubmitError(
        .feeAboveCap(needed: stroops, cap: settings.feeMax),
        "the transaction would cost up to \(stroops) stroops, more than \(settings.feeMax)")
    }
    return fee
  }

  private func sign(
    _ transaction: Transaction, _ draft: TransactionDraft, maxTime: UInt64,
    madeAfter ledger: LedgerSequence
  ) async throws(SubmitError) -> TransactionIntent {
    let hash = transaction.hash(networkID: network.networkID)
    var signatures: [DecoratedSignature] = []
    do {
      for account in [draft.source] + draft.coSigners {
        signatures.append(
          try await signer.sign(transaction: transaction, hash: hash, account: account))
      }
    } catch {
      throw SubmitError(.notSigned, "not signed: \(error)", cause: error)
    }
    let envelope = TransactionEnvelope.transaction(transaction, signatures: signatures)
    return TransactionIntent(
      hash: hash, source: draft.source, sequence: transaction.sequence, maxTime: maxTime,
      madeAfter: ledger, envelope: envelope.base64, purpose: draft.purpose)
  }

  private func ask<T>(_ body: () async throws(RPCError) -> T) async throws(SubmitError) -> T {
    do {
      return try await body()
    } catch {
      throw SubmitError(
        .networkUnavailable(error), "the network could not be asked: \(error)", cause: error)
    }
  }
}
