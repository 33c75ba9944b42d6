package import Bytes
package import KaleRules
package import StellarXDR

/// What finally became of a transaction.
package enum TransactionOutcome: Sendable, Hashable {
  case succeeded(Inclusion)
  /// Included without effect: fee and sequence number are spent.
  case failed(Inclusion, reason: FailureReason)
  /// Not in any ledger, and it can be in none any more: nothing is spent.
  case neverIncluded(NeverReason)

  /// What the ledger says of an included transaction.
  package struct Inclusion: Sendable, Hashable {
    package var hash: Bytes32
    package var ledger: LedgerSequence
    /// Unix seconds.
    package var closeTime: UInt64
    /// Stroops.
    package var feeCharged: Int64
    /// Of a fee bump its fee source, otherwise the transaction's source.
    package var feePaidBy: AccountID
    /// Nil for classic transactions, failures, and where the meta cannot be read.
    package var returnValue: SCVal?
    /// The operations' events.
    package var events: [ContractEvent]
    /// Why return value and events are missing though there is a meta.
    package var metaProblem: String?
  }

  package struct FailureReason: Sendable, Hashable, CustomStringConvertible {
    package var code: TransactionResultCode
    /// The first operation that failed, with its code.
    package var operation: OperationResult?
    /// The contract's reason, where the node recorded diagnostic events.
    package var call: CallFailure?

    package var description: String {
      [call?.description, operation?.description, "\(code)"].compactMap(\.self)
        .joined(separator: ", ")
    }
  }

  package enum NeverReason: Sendable, Hashable, CustomStringConvertible {
    /// Its time was over before a ledger took it.
    case expired
    /// The node refused it with this code, and no queue has it.
    case refused(TransactionResultCode)
    /// As `refused`: the ledgers are full, and this many stroops would have been needed.
    case feeTooLow(needed: Int64)
    /// Another transaction has used its sequence number.
    case sequenceUsed

    package var description: String {
      switch self {
      case .expired: "no ledger took it in time"
      case .refused(let code): "the node refused it: \(code)"
      case .feeTooLow(let needed): "the fee is too low: \(needed) stroops are needed"
      case .sequenceUsed: "another transaction used its sequence number"
      }
    }
  }

  package var inclusion: Inclusion? {
    switch self {
    case .succeeded(let inclusion), .failed(let inclusion, _): inclusion
    case .neverIncluded: nil
    }
  }
}
