import Bytes
import StellarXDR

/// Applies a set of transactions as one ledger: all fees first, then one after another.
///
/// Local to one closing, hence a class.
final class LedgerApplication {
  let overlay: Overlay
  let world: ContractWorld
  /// What is paid per operation in this ledger; more than the base fee when it is full.
  private let classicRate: Int64
  private let sorobanRate: Int64
  private let recordsDiagnostics: Bool
  private var charged: [Bytes32: (fee: Int64, changes: [LedgerEntryChange])] = [:]
  /// Stroops that went to the network.
  private(set) var feesCollected: Int64 = 0

  init(
    overlay: Overlay, world: ContractWorld, classicRate: Int64,
    sorobanRate: Int64, recordsDiagnostics: Bool
  ) {
    self.overlay = overlay
    self.world = world
    self.classicRate = classicRate
    self.sorobanRate = sorobanRate
    self.recordsDiagnostics = recordsDiagnostics
  }

  /// Takes the fee: the offer at most, the ledger's rate normally, and the whole resource fee.
  func charge(_ frame: TransactionFrame) {
    let rate = frame.isSoroban ? sorobanRate : classicRate
    let fee = min(frame.inclusionFee, rate * frame.paidOperations) + frame.resourceFee
    overlay.begin()
    overlay.changeAccount(frame.feeSource) { $0.balance -= fee }
    charged[frame.hash] = (fee, LedgerEntryChange.list(overlay.keep(), overlay.sequence))
    feesCollected += fee
  }

  func apply(_ frame: TransactionFrame) -> AppliedTransaction {
    let (fee, feeChanges) = charged[frame.hash] ?? (0, [])
    guard overlay[.account(frame.source)] != nil else {
      return gone(frame, fee, feeChanges)
    }
    overlay.begin()
    overlay.changeAccount(frame.source) { account in
      account.sequence = frame.transaction.sequence
      account.extensionV1?.v2?.v3 = AccountEntry.ExtensionV3(
        sequenceLedger: world.sequence, sequenceTime: world.time)
    }
    let before = LedgerEntryChange.list(overlay.keep(), world.sequence)
    var applied = frame.isSoroban ? applySoroban(frame) : applyClassic(frame)
    applied.feeChanges = feeChanges
    applied.meta.changesBefore = before
    let unused = refund(frame, applied, of: fee)
    applied.result.feeCharged = fee - unused
    applied.meta.transactionEvents = feeEvents(frame, fee, unused)
    return applied
  }

  /// Gives back what was not used, after all transactions of the ledger.
  func refund(_ applied: inout AppliedTransaction) {
    let unused = refund(applied.frame, applied, of: charged[applied.frame.hash]?.fee ?? 0)
    guard unused > 0 else { return }
    overlay.begin()
    overlay.changeAccount(applied.frame.feeSource) { $0.balance += unused }
    applied.refundChanges = LedgerEntryChange.list(overlay.keep(), world.sequence)
    feesCollected -= unused
  }

  private func refund(_ frame: TransactionFrame, _ applied: AppliedTransaction, of fee: Int64)
    -> Int64
  {
    guard frame.isSoroban, let used = applied.meta.soroban?.fees else { return 0 }
    return max(0, frame.resourceFee - used.nonRefundable - used.refundable)
  }

  private func applySoroban(_ frame: TransactionFrame) -> AppliedTransaction {
    overlay.begin()
    let call = SorobanCall(overlay: overlay, world: world)
    let outcome = call.run(frame)
    var changes: [LedgerEntryChange] = []
    if outcome.result.isSuccess {
      changes = LedgerEntryChange.list(overlay.keep(), world.sequence)
    } else {
      overlay.rollBack()
    }
    let meta = TransactionMeta(
      operations: [OperationMeta(changes: changes, events: outcome.events)],
      soroban: SorobanMeta(fees: outcome.fees, returnValue: outcome.value),
      diagnosticEvents: recordsDiagnostics ? outcome.diagnostics : [])
    return AppliedTransaction(
      frame: frame,
      result: result(frame, [outcome.result], isSuccess: outcome.result.isSuccess), meta: meta,
      feeChanges: [])
  }

  private func applyClassic(_ frame: TransactionFrame) -> AppliedTransaction {
    var operations = ClassicOperations(overlay: overlay, world: world)
    var results: [OperationResult] = []
    var metas: [OperationMeta] = []
    overlay.begin()
    for operation in frame.transaction.operations {
      overlay.begin()
      let result = operations.run(
        operation, source: operation.source?.accountID ?? frame.source)
      results.append(result)
      if result.isSuccess {
        metas.append(
          OperationMeta(
            changes: LedgerEntryChange.list(overlay.keep(), world.sequence),
            events: operations.events))
      } else {
        overlay.rollBack()
      }
    }
    let isSuccess = results.allSatisfy(\.isSuccess)
    let isBalanced = operations.sponsors.isEmpty
    if isSuccess && isBalanced {
      overlay.keep()
    } else {
      overlay.rollBack()
      metas = frame.transaction.operations.map { _ in OperationMeta(changes: []) }
    }
    let result =
      isSuccess && !isBalanced
      ? refused(frame, .badSponsorship) : self.result(frame, results, isSuccess: isSuccess)
    return AppliedTransaction(
      frame: frame, result: result, meta: TransactionMeta(operations: metas, soroban: nil),
      feeChanges: [])
  }

  /// An earlier transaction of the ledger took the source account away.
  private func gone(_ frame: TransactionFrame, _ fee: Int64, _ changes: [LedgerEntryChange])
    -> AppliedTransaction
  {
    var result = refused(frame, .noAccount)
    result.feeCharged = fee
    return AppliedTransaction(
      frame: frame, result: result,
      meta: TransactionMeta(
        operations: [], soroban: nil, transactionEvents: feeEvents(frame, fee, 0)),
      feeChanges: changes)
  }

  private func result(_ frame: TransactionFrame, _ results: [OperationResult], isSuccess: Bool)
    -> TransactionResult
  {
    guard frame.isFeeBump else {
      return TransactionResult(
        feeCharged: 0, outcome: .applied(success: isSuccess, results))
    }
    let inner = InnerTransactionResult(
      feeCharged: 0, code: isSuccess ? .success : .failed, operations: results)
    return TransactionResult(
      feeCharged: 0,
      outcome: .feeBump(success: isSuccess, innerHash: frame.innerHash, inner))
  }

  private func refused(_ frame: TransactionFrame, _ code: TransactionResultCode)
    -> TransactionResult
  {
    guard frame.isFeeBump else {
      return TransactionResult(feeCharged: 0, outcome: .refused(code))
    }
    let inner = InnerTransactionResult(feeCharged: 0, code: code, operations: nil)
    return TransactionResult(
      feeCharged: 0, outcome: .feeBump(success: false, innerHash: frame.innerHash, inner))
  }

  /// The charge before all transactions and what came back after all (CAP-67).
  private func feeEvents(_ frame: TransactionFrame, _ fee: Int64, _ refund: Int64)
    -> [TransactionEvent]
  {
    func event(_ amount: Int64, _ stage: TransactionEvent.Stage) -> TransactionEvent {
      TransactionEvent(
        stage: stage,
        event: ContractEvent(
          contract: world.native.id, kind: .contract,
          topics: [.symbol("fee"), .address(.account(frame.feeSource))],
          data: .i128(Int128(amount))))
    }
    let charge = event(fee, .beforeAllTransactions)
    return refund > 0 ? [charge, event(-refund, .afterAllTransactions)] : [charge]
  }
}
