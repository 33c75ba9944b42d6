import Bytes
import StellarXDR

/// Whether a transaction may be included, in the order in which stellar-core looks. Source:
/// stellar.md §4; TransactionFrame.cpp, FeeBumpTransactionFrame.cpp.
struct TransactionCheck {
  let overlay: Overlay
  let rules: NetworkRules
  /// Close time of the ledger that might include it: for what is being sent, that of the last
  /// closed one at the earliest, and at the latest that of the next but one.
  let times: ClosedRange<UInt64>
  /// Paid for every operation at least.
  static let baseFee: Int64 = 100

  /// Nil: it may be included.
  func refusal(of frame: TransactionFrame) -> TransactionResult? {
    guard frame.isFeeBump else {
      return inner(frame, paysFee: true).map { TransactionResult(feeCharged: 0, outcome: $0) }
        .map { $0.charging(required(frame)) }
    }
    if let code = feeBump(frame) {
      return TransactionResult(feeCharged: 0, outcome: .refused(code)).charging(required(frame))
    }
    guard let refused = inner(frame, paysFee: false) else { return nil }
    let result = InnerTransactionResult(
      feeCharged: 0, code: TransactionResult(feeCharged: 0, outcome: refused).code,
      operations: { if case .applied(_, let results) = refused { results } else { nil } }())
    return TransactionResult(
      feeCharged: 0,
      outcome: .feeBump(success: false, innerHash: frame.innerHash, result))
  }

  private func feeBump(_ frame: TransactionFrame) -> TransactionResultCode? {
    let inner = frame.transaction
    guard frame.inclusionFee >= Self.baseFee * frame.paidOperations else {
      return .insufficientFee
    }
    // Its rate must not be below the inner transaction's.
    let innerInclusion = Int128(inner.fee) - Int128(frame.resourceFee)
    guard
      innerInclusion * Int128(frame.paidOperations)
        <= Int128(frame.inclusionFee) * Int128(inner.operations.count)
    else { return .insufficientFee }
    guard let payer = overlay[.account(frame.feeSource)]?.account else { return .noAccount }
    let weight =
      (frame.isFeeSigned ? Int(payer.thresholds[0]) : 0)
      + payer.weight(of: frame.strayFeeSignatures, over: frame.hash)
    guard weight >= max(1, Int(payer.thresholds[1])) else { return .badAuth }
    guard payer.available >= frame.fee else { return .insufficientBalance }
    let hasStranger = frame.strayFeeSignatures.contains { !payer.isSigned($0, over: frame.hash) }
    return hasStranger ? .badAuthExtra : nil
  }

  private func inner(_ frame: TransactionFrame, paysFee: Bool) -> TransactionResult.Outcome? {
    let transaction = frame.transaction
    if transaction.operations.isEmpty { return .refused(.missingOperation) }
    if let code = soroban(frame) ?? time(transaction.preconditions) { return .refused(code) }
    if paysFee, frame.inclusionFee < Self.baseFee * frame.paidOperations {
      return .refused(.insufficientFee)
    }
    guard let source = overlay[.account(frame.source)]?.account else { return .refused(.noAccount) }
    if let code = sequence(transaction, source) { return .refused(code) }
    guard isSigned(frame, source.account, threshold: source.thresholds[1]) else {
      return .refused(.badAuth)
    }
    if paysFee, source.available < frame.fee { return .refused(.insufficientBalance) }
    if let results = operations(frame) { return .applied(success: false, results) }
    return hasStranger(frame) ? .refused(.badAuthExtra) : nil
  }

  private func soroban(_ frame: TransactionFrame) -> TransactionResultCode? {
    let transaction = frame.transaction
    guard frame.isSoroban else { return transaction.sorobanData == nil ? nil : .malformed }
    guard transaction.operations.count == 1, let data = transaction.sorobanData,
      transaction.memo == .none, case .account = transaction.source,
      transaction.operations[0].source?.isMuxed != true
    else { return .sorobanInvalid }
    let keys = data.resources.footprint.readOnly + data.resources.footprint.readWrite
    guard Set(keys).count == keys.count, keys.allSatisfy(\.mayBeInFootprint),
      isWithinLimits(data, frame), data.namesArchivedEntriesWell,
      data.resourceFee >= rules.nonRefundable(frame),
      data.resourceFee <= frame.fee
    else { return .sorobanInvalid }
    return nil
  }

  /// What one transaction may use.
  private func isWithinLimits(_ data: SorobanTransactionData, _ frame: TransactionFrame) -> Bool {
    let (declared, cost) = (data.resources, rules.cost)
    let footprint = declared.footprint
    return footprint.readOnly.count + footprint.readWrite.count <= rules.txFootprintMax
      && footprint.readWrite.count <= cost.txWriteEntriesMax
      && data.diskReadEntries <= cost.txDiskReadEntriesMax
      && declared.diskReadBytes <= cost.txDiskReadBytesMax
      && declared.writeBytes <= cost.txWriteBytesMax
      && declared.instructions <= rules.compute.txInstructionsMax
      && frame.byteCount <= rules.txBytesMax
  }

  private func time(_ preconditions: Preconditions) -> TransactionResultCode? {
    if let bounds = preconditions.timeBounds {
      if bounds.min > times.lowerBound { return .tooEarly }
      if bounds.max != 0, bounds.max < times.upperBound { return .tooLate }
    }
    guard case .v2(let conditions) = preconditions, let ledgers = conditions.ledgerBounds else {
      return nil
    }
    if ledgers.min > overlay.sequence { return .tooEarly }
    if ledgers.max != 0, ledgers.max <= overlay.sequence { return .tooLate }
    return nil
  }

  private func sequence(_ transaction: Transaction, _ source: AccountEntry)
    -> TransactionResultCode?
  {
    // A transaction may not use the numbers that accounts made in this ledger start with.
    guard transaction.sequence != Int64(overlay.sequence) << 32 else { return .badSequence }
    guard case .v2(let conditions) = transaction.preconditions else {
      return source.isNext(transaction.sequence) ? nil : .badSequence
    }
    if let least = conditions.minSequence {
      guard least <= source.sequence, source.sequence < transaction.sequence else {
        return .badSequence
      }
    } else if !source.isNext(transaction.sequence) {
      return .badSequence
    }
    let used = source.extensionV1?.v2?.v3
    let isTooSoon =
      conditions.minSequenceAge > times.lowerBound - min(times.lowerBound, used?.sequenceTime ?? 0)
      || conditions.minSequenceLedgerGap
        > overlay.sequence - min(overlay.sequence, used?.sequenceLedger ?? 0)
    return isTooSoon ? .badMinSequenceAgeOrGap : nil
  }

  /// The results of all operations if one of them cannot even be tried.
  private func operations(_ frame: TransactionFrame) -> [OperationResult]? {
    var isBad = false
    let results = frame.transaction.operations.map { operation -> OperationResult in
      let refused = refusal(of: operation, in: frame)
      if refused != nil { isBad = true }
      return refused ?? .tried(operation.body.type, code: 0, operation.body.emptyPayload)
    }
    return isBad ? results : nil
  }

  private func refusal(of operation: Operation, in frame: TransactionFrame) -> OperationResult? {
    let account = operation.source?.accountID ?? frame.source
    if let entry = overlay[.account(account)]?.account {
      guard isSigned(frame, account, threshold: entry.thresholds[operation.thresholdIndex]) else {
        return .refused(.badAuth)
      }
    } else if operation.source == nil || !frame.signers.contains(account) {
      // An account that an operation before makes has to sign with its key.
      return operation.source == nil ? .refused(.noAccount) : .refused(.badAuth)
    }
    let isMalformed =
      operation.body.isMalformed(source: account)
      || frame.transaction.sorobanData.map { !operation.body.fits($0, rules) } ?? false
    return isMalformed
      ? .tried(operation.body.type, code: -1, .none) : nil
  }

  /// Whether the signatures of the account's key and of its further signers reach `threshold`.
  private func isSigned(_ frame: TransactionFrame, _ account: AccountID, threshold: UInt8) -> Bool {
    guard let entry = overlay[.account(account)]?.account else { return false }
    // A named account's key may be another's signer as well.
    let named = entry.signers.filter { signer in
      if case .ed25519(let key) = signer.key { frame.signers.contains(key) } else { false }
    }
    let weight =
      (frame.signers.contains(account) ? Int(entry.thresholds[0]) : 0)
      + named.reduce(0) { $0 + Int($1.weight) }
      + entry.weight(of: frame.straySignatures, over: frame.innerHash)
    return weight >= max(1, Int(threshold))
  }

  /// Whether a signature is nobody's who has to do with the transaction.
  private func hasStranger(_ frame: TransactionFrame) -> Bool {
    guard !frame.straySignatures.isEmpty else { return false }
    let accounts = [frame.source] + frame.transaction.operations.compactMap { $0.source?.accountID }
    let entries = Set(accounts).compactMap { overlay[.account($0)]?.account }
    return frame.straySignatures.contains { signature in
      !entries.contains { $0.isSigned(signature, over: frame.innerHash) }
    }
  }

  /// What a refusal for too low a fee says is needed.
  private func required(_ frame: TransactionFrame) -> Int64 {
    frame.resourceFee + Self.baseFee * frame.paidOperations
  }
}

extension TransactionResult {
  /// The needed fee stands in `feeCharged` where the fee was too low.
  fileprivate func charging(_ required: Int64) -> TransactionResult {
    var result = self
    if code == .insufficientFee { result.feeCharged = required }
    return result
  }
}

extension MuxedAccount {
  var isMuxed: Bool { if case .muxed = self { true } else { false } }
}

extension LedgerKey {
  /// Source: stellar.md §4.
  var mayBeInFootprint: Bool {
    switch self {
    case .account, .trustline, .contractData, .contractCode: xdr.count <= 250
    default: false
    }
  }
}
