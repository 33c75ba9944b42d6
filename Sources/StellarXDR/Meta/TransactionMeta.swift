/// What a transaction did to the ledger, in the shape of version 3 (until protocol 22) or 4.
///
/// Both shapes are kept in the same fields; ``contractEvents`` finds the events of either, which in
/// version 3 stand beside the return value and in version 4 with the operation.
package struct TransactionMeta: XDRCodable {
  package enum Version: Int32, Sendable {
    case v3 = 3
    case v4 = 4
  }

  package var version: Version
  package var changesBefore: [LedgerEntryChange]
  package var operations: [OperationMeta]
  package var changesAfter: [LedgerEntryChange]
  package var soroban: SorobanMeta?
  /// The contract's events in version 3.
  private var sorobanEvents: [ContractEvent]
  /// Events of the whole transaction, such as fees. None in version 3.
  package var transactionEvents: [TransactionEvent]
  package var diagnosticEvents: [DiagnosticEvent]

  /// A meta of version 4.
  package init(
    changesBefore: [LedgerEntryChange] = [], operations: [OperationMeta],
    changesAfter: [LedgerEntryChange] = [], soroban: SorobanMeta?,
    transactionEvents: [TransactionEvent] = [], diagnosticEvents: [DiagnosticEvent] = []
  ) {
    version = .v4
    self.changesBefore = changesBefore
    self.operations = operations
    self.changesAfter = changesAfter
    self.soroban = soroban
    sorobanEvents = []
    self.transactionEvents = transactionEvents
    self.diagnosticEvents = diagnosticEvents
  }

  /// The same in the shape of version 3, which has no place for a transaction's own events.
  package var inVersion3: TransactionMeta {
    var meta = self
    meta.version = .v3
    meta.sorobanEvents = operations.flatMap(\.events)
    for at in meta.operations.indices { meta.operations[at].events = [] }
    meta.transactionEvents = []
    if meta.soroban == nil { meta.diagnosticEvents = [] }
    return meta
  }

  /// What the call returned: nil where nothing was called or the call failed.
  package var returnValue: SCVal? { soroban?.returnValue }

  /// The events of the operations, which a contract's caller may rely on.
  package var contractEvents: [ContractEvent] {
    version == .v3 ? sorobanEvents : operations.flatMap(\.events)
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    version = try reader.choice()
    try reader.noExtension(of: "TransactionMeta")
    changesBefore = try reader.list()
    operations = []
    for _ in 0..<(try reader.itemCount()) {
      operations.append(
        version == .v3 ? try OperationMeta(v3: &reader) : try OperationMeta(v4: &reader))
    }
    changesAfter = try reader.list()
    sorobanEvents = []
    transactionEvents = []
    diagnosticEvents = []
    if try reader.bool() {
      let fees = try reader.sorobanFees()
      if version == .v3 {
        sorobanEvents = try reader.list()
        soroban = SorobanMeta(fees: fees, returnValue: try reader.value())
        diagnosticEvents = try reader.list()
      } else {
        soroban = SorobanMeta(fees: fees, returnValue: try reader.optional())
      }
    }
    if version == .v4 {
      transactionEvents = try reader.list()
      diagnosticEvents = try reader.list()
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.choice(version)
    writer.noExtension()
    writer.list(changesBefore)
    writer.u32(UInt32(operations.count))
    for operation in operations {
      if version == .v4 { writer.noExtension() }
      writer.list(operation.changes)
      if version == .v4 { writer.list(operation.events) }
    }
    writer.list(changesAfter)
    writer.bool(soroban != nil)
    if let soroban {
      writer.optional(soroban.fees)  // ext 0 or 1, like a flag
      if version == .v3 {
        writer.list(sorobanEvents)
        writer.value(soroban.returnValue ?? .void)
        writer.list(diagnosticEvents)
      } else {
        writer.optional(soroban.returnValue)
      }
    }
    if version == .v4 {
      writer.list(transactionEvents)
      writer.list(diagnosticEvents)
    }
  }
}

extension XDRReader {
  /// The ext of a Soroban meta: 0, or 1 with fees.
  fileprivate mutating func sorobanFees() throws(XDRError) -> SorobanFees? {
    switch try i32() {
    case 0: return nil
    case 1: return try value()
    case let type: throw .unknownArm(type: "SorobanTransactionMeta ext", value: type)
    }
  }
}
