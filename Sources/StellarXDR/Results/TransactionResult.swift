package import Bytes

/// What became of a transaction, and what it cost.
package struct TransactionResult: XDRCodable {
  /// Stroops.
  package var feeCharged: Int64
  package var outcome: Outcome

  package enum Outcome: XDRCodable {
    /// Codes `success` and `failed`, with a result for each operation.
    case applied(success: Bool, [OperationResult])
    /// A fee bump, with what became of the inner transaction.
    case feeBump(success: Bool, innerHash: Bytes32, InnerTransactionResult)
    /// Refused before any operation was tried.
    case refused(TransactionResultCode)
  }

  package init(feeCharged: Int64, outcome: Outcome) {
    self.feeCharged = feeCharged
    self.outcome = outcome
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    feeCharged = try reader.i64()
    outcome = try reader.value()
    try reader.noExtension(of: "TransactionResult")
  }

  package func encode(to writer: inout XDRWriter) {
    writer.i64(feeCharged)
    writer.value(outcome)
    writer.noExtension()
  }

  package var code: TransactionResultCode {
    switch outcome {
    case .applied(let success, _): success ? .success : .failed
    case .feeBump(let success, _, _): success ? .feeBumpInnerSuccess : .feeBumpInnerFailed
    case .refused(let code): code
    }
  }

  package var isSuccess: Bool { code == .success || code == .feeBumpInnerSuccess }

  /// The code that says why: the inner one of a fee bump.
  package var innerCode: TransactionResultCode {
    if case .feeBump(_, _, let inner) = outcome { inner.code } else { code }
  }

  /// The results of the operations, the inner ones of a fee bump; empty where none was tried.
  package var operations: [OperationResult] {
    switch outcome {
    case .applied(_, let results): results
    case .feeBump(_, _, let inner): inner.operations ?? []
    case .refused: []
    }
  }
}

extension TransactionResult.Outcome {
  package init(from reader: inout XDRReader) throws(XDRError) {
    let code: TransactionResultCode = try reader.choice()
    switch code {
    case .success, .failed:
      self = .applied(success: code == .success, try reader.list())
    case .feeBumpInnerSuccess, .feeBumpInnerFailed:
      self = .feeBump(
        success: code == .feeBumpInnerSuccess, innerHash: try reader.bytes32(),
        try reader.value())
    default: self = .refused(code)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .applied(let success, let results):
      writer.choice(success ? TransactionResultCode.success : .failed)
      writer.list(results)
    case .feeBump(let success, let hash, let inner):
      writer.choice(success ? TransactionResultCode.feeBumpInnerSuccess : .feeBumpInnerFailed)
      writer.bytes32(hash)
      writer.value(inner)
    case .refused(let code): writer.choice(code)
    }
  }
}

/// What became of a transaction inside a fee bump.
package struct InnerTransactionResult: XDRCodable {
  package var feeCharged: Int64
  package var code: TransactionResultCode
  /// Present with the codes `success` and `failed` only.
  package var operations: [OperationResult]?

  package init(feeCharged: Int64, code: TransactionResultCode, operations: [OperationResult]?) {
    self.feeCharged = feeCharged
    self.code = code
    self.operations = operations
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    feeCharged = try reader.i64()
    code = try reader.choice()
    switch code {
    case .success, .failed: operations = try reader.list()
    case .feeBumpInnerSuccess, .feeBumpInnerFailed:
      throw .unknownArm(type: "InnerTransactionResult", value: code.rawValue)
    default: operations = nil
    }
    try reader.noExtension(of: "InnerTransactionResult")
  }

  package func encode(to writer: inout XDRWriter) {
    writer.i64(feeCharged)
    writer.choice(code)
    if code == .success || code == .failed { writer.list(operations ?? []) }
    writer.noExtension()
  }
}
