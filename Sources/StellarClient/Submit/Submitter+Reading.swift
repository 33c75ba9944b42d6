import Bytes
import Logging
import StellarXDR

/// What the ledger says of an included transaction.
extension Submitter {
  /// A meta that cannot be read costs return value and events, never the outcome.
  func inclusion(
    _ intent: TransactionIntent, _ applied: AppliedTransaction
  ) throws(SubmitError) -> (inclusion: TransactionOutcome.Inclusion, result: TransactionResult) {
    let result: TransactionResult
    do {
      result = try TransactionResult(base64: applied.resultXDR)
    } catch {
      throw unknown(intent, "it is in ledger \(applied.ledger) with an unreadable result: \(error)")
    }
    var inclusion = TransactionOutcome.Inclusion(
      hash: intent.hash, ledger: applied.ledger, closeTime: applied.closeTime,
      feeCharged: result.feeCharged, feePaidBy: payer(intent, applied), returnValue: nil,
      events: [], metaProblem: nil)
    if let metaXDR = applied.metaXDR {
      do {
        let meta = try TransactionMeta(base64: metaXDR)
        inclusion.returnValue = meta.returnValue
        inclusion.events = meta.contractEvents
      } catch {
        inclusion.metaProblem = "\(error)"
        logger.error(
          "meta cannot be read", metadata: ["hash": "\(intent.hash)", "error": "\(error)"])
      }
    }
    return (inclusion, result)
  }

  /// Who paid: the envelope that was included says so, and may be a fee bump made after the intent.
  private func payer(_ intent: TransactionIntent, _ applied: AppliedTransaction) -> AccountID {
    let text = applied.envelopeXDR ?? intent.envelope
    guard case .feeBump(let bump, _)? = try? TransactionEnvelope(base64: text) else {
      return intent.source
    }
    return bump.feeSource.accountID
  }

  /// Why it failed. The contract's own reason stands in diagnostic events only, which not every node
  /// keeps.
  func failure(
    _ intent: TransactionIntent, _ result: TransactionResult, _ applied: AppliedTransaction
  ) -> TransactionOutcome.FailureReason {
    let events = applied.diagnosticEventsXDR.compactMap { try? DiagnosticEvent(base64: $0) }
    var call: CallFailure?
    if let first = events.first(where: { $0.event.isError }),
      case .error(let error) = first.event.topics[1]
    {
      let made = try? TransactionEnvelope(base64: intent.envelope).inner.call
      call = CallFailure(
        error, raisedBy: first.event.contract, call: made, on: network, message: "\(error)")
    }
    return TransactionOutcome.FailureReason(
      code: result.innerCode, operation: result.operations.first { !$0.isSuccess }, call: call)
  }
}
