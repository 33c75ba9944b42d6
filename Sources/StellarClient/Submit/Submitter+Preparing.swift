import Bytes
import KaleRules
import StellarXDR

/// From a draft to a stored intent. Nothing is sent here.
extension Submitter {
  /// From a node that knows what everybody knows: an old number would be refused.
  func readSequence(_ account: AccountID) async throws(SubmitError) -> Int64 {
    let since = follower.latest?.sequence ?? 0
    let entries = try await ask { () throws(RPCError) in
      try await rpc.getLedgerEntries([.account(account)], since: since.before)
    }
    guard case .account(let entry)? = entries[.account(account)]?.data else {
      throw SubmitError(.accountMissing, "there is no account \(StrKey.account(account))")
    }
    return entry.sequence
  }

  func prepare(
    _ draft: TransactionDraft, after sequence: Int64
  ) async throws(SubmitError) -> Offer {
    guard (1...100).contains(draft.operations.count) else {
      throw SubmitError(.badDraft, "a transaction has 1 to 100 operations")
    }
    let isSoroban = draft.operations.contains(where: \.isSoroban)
    guard !isSoroban || draft.operations.count == 1 else {
      throw SubmitError(.badDraft, "a contract call is a transaction of its own")
    }
    let tick = try await ask { () throws(RPCError) in try await follower.current() }
    let rate = await fees.inclusion(
      isSoroban: isSoroban, isUrgent: draft.isUrgent, after: tick.sequence)
    let maxTime = tick.closeTime + draft.secondsMax
    var transaction = Transaction(
      source: .account(draft.source), fee: 0, sequence: sequence + 1,
      preconditions: .time(TimeBounds(max: maxTime)), operations: draft.operations)
    transaction.fee = try fee(rate * Int64(draft.operations.count))
    if isSoroban { try await addResources(of: draft, to: &transaction) }
    let resourceFee = transaction.sorobanData?.resourceFee ?? 0
    // Below a fee bump the source offers nothing of its own.
    let own = draft.feeSource == nil ? rate * Int64(draft.operations.count) : 0
    transaction.fee = try fee(own + resourceFee)
    return try await store(
      transaction, draft, rate: rate, maxTime: maxTime, madeAfter: tick.sequence)
  }

  private func store(
    _ transaction: Transaction, _ draft: TransactionDraft, rate: Int64, maxTime: UInt64,
    madeAfter ledger: LedgerSequence
  ) async throws(SubmitError) -> Offer {
    let hash = transaction.hash(networkID: network.networkID)
    guard lanes.begin(hash, of: draft.source) else {
      throw SubmitError(
        .sameAsBefore, "it would be the very transaction that was given up: wait for a ledger")
    }
    var signatures: [DecoratedSignature] = []
    for account in [draft.source] + draft.coSigners {
      signatures.append(
        try await signing {
          try await signer.sign(transaction: transaction, hash: hash, account: account)
        })
    }
    var envelope = TransactionEnvelope.transaction(transaction, signatures: signatures)
    if let payer = draft.feeSource {
      envelope = try await bump(transaction, signatures, paidBy: payer, rate: rate)
    }
    let intent = TransactionIntent(
      hash: hash, source: draft.source, sequence: transaction.sequence, maxTime: maxTime,
      madeAfter: ledger, envelope: envelope.base64, purpose: draft.purpose)
    do {
      try await journal.store(intent)
    } catch {
      throw SubmitError(.notStored, "the intent could not be stored: \(error)", cause: error)
    }
    return Offer(
      intent: intent, inner: transaction, innerSignatures: signatures,
      payers: [draft.feeSource ?? draft.source] + [draft.sponsor].compactMap(\.self),
      isUrgent: draft.isUrgent, envelope: intent.envelope, rate: rate)
  }

  /// Footprint, resources, authorisation and resource fee, as prepared or as a simulation has them.
  private func addResources(
    of draft: TransactionDraft, to transaction: inout Transaction
  ) async throws(SubmitError) {
    guard let prepared = draft.prepared,
      case .invokeHostFunction(let function, let auth) = transaction.operations[0].body
    else {
      try await simulate(&transaction)
      if let key = draft.mustWrite, let data = transaction.sorobanData,
        !data.resources.footprint.readWrite.contains(key)
      {
        let failure = CallFailure(.other, "it would be in another block than the one meant")
        throw SubmitError(.wouldFail(failure), "not sent: \(failure)", cause: failure)
      }
      return
    }
    transaction.sorobanData = prepared.data
    if auth.isEmpty {
      transaction.operations[0].body = .invokeHostFunction(function, auth: prepared.auth)
    }
  }

  private func simulate(_ transaction: inout Transaction) async throws(SubmitError) {
    let tried = transaction
    let result = try await ask { () throws(RPCError) in
      try await rpc.simulate(tried, on: network)
    }
    switch result {
    case .failure(let failure):
      throw SubmitError(.wouldFail(failure), "the call would fail: \(failure)", cause: failure)
    case .success(let simulation):
      var data = simulation.data
      data.resourceFee = max(simulation.resourceFee, data.resourceFee)
      transaction.sorobanData = data
      if case .invokeHostFunction(let function, let auth) = transaction.operations[0].body,
        auth.isEmpty
      {
        transaction.operations[0].body = .invokeHostFunction(function, auth: simulation.auth)
      }
      onSimulated?(transaction)
    }
  }

  // MARK: - Offering more

  /// A signed fee bump of a signed transaction, offering `rate` an operation.
  func bump(
    _ inner: Transaction, _ signatures: [DecoratedSignature], paidBy payer: AccountID, rate: Int64
  ) async throws(SubmitError) -> TransactionEnvelope {
    let stroops =
      (inner.sorobanData?.resourceFee ?? 0) + rate * (Int64(inner.operations.count) + 1)
    let bump = FeeBumpTransaction(
      feeSource: .account(payer), fee: Int64(try fee(stroops)), inner: inner,
      innerSignatures: signatures)
    let hash = bump.hash(networkID: network.networkID)
    let signature = try await signing {
      try await signer.sign(feeBump: bump, hash: hash, account: payer)
    }
    return .feeBump(bump, signatures: [signature])
  }

  private func fee(_ stroops: Int64) throws(SubmitError) -> UInt32 {
    guard stroops <= settings.feeMax, let fee = UInt32(exactly: stroops) else {
      throw SubmitError(
        .feeAboveCap(needed: stroops, cap: settings.feeMax),
        "the transaction would cost up to \(stroops) stroops, more than \(settings.feeMax)")
    }
    return fee
  }

  private func signing(
    _ body: () async throws -> DecoratedSignature
  ) async throws(SubmitError) -> DecoratedSignature {
    do {
      return try await body()
    } catch {
      throw SubmitError(.notSigned, "not signed: \(error)", cause: error)
    }
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
