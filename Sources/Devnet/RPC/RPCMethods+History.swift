import Bytes
import StellarXDR

extension RPCMethods {
  func getTransaction(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let text = try parameters.string("hash")
    guard text.utf8.count == 64, let hash = Bytes32(hex: text) else {
      throw .invalidParams("hash must be 64 hex digits")
    }
    let (found, window) = await node.read(for: "getTransaction") { ledger in
      (ledger.history.transaction(hash), Window(ledger))
    }
    guard let (ledger, transaction) = found else {
      return .object(
        [
          .init(name: "status", value: .string("NOT_FOUND")),
          .init(name: "txHash", value: .string(text)),
        ]
          + window.json + [
            .init(name: "applicationOrder", value: .int(0)),
            .init(name: "feeBump", value: .bool(false)), .init(name: "ledger", value: .int(0)),
            .init(name: "createdAt", value: .string("0")),
          ])
    }
    return .object(
      try Self.members(transaction, of: ledger, hash: text, parameters.format) + window.json + [
        .init(name: "createdAt", value: .text(ledger.closeTime))
      ])
  }

  func getTransactions(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let (start, cursor) = try start(parameters)
    let limit = try parameters.limit(default: 50, max: 200)
    let (window, page) = await node.read(for: "getTransactions") { ledger in
      var page: [(ClosedLedger, ClosedTransaction)] = []
      var sequence = start
      while page.count < limit, let closed = ledger.history[sequence] {
        page += closed.transactions.filter { transaction in
          let place = TransactionPlace(
            ledger: closed.sequence, transaction: transaction.order, operation: 1)
          return cursor.map { place > $0 } ?? true
        }.prefix(limit - page.count).map { (closed, $0) }
        sequence += 1
      }
      return (Window(ledger), page)
    }
    if cursor == nil { try window.check(start) }
    let last = page.last.map { ledger, transaction in
      TransactionPlace(ledger: ledger.sequence, transaction: transaction.order, operation: 1)
    }
    let end =
      last ?? cursor ?? TransactionPlace(ledger: window.latest, transaction: 0xF_FFFF, operation: 1)
    var transactions: [JSON] = []
    for (ledger, transaction) in page {
      let members = try Self.members(
        transaction, of: ledger, hash: "\(transaction.hash)", parameters.format)
      transactions.append(
        .object(members + [.init(name: "createdAt", value: .int(Int64(ledger.closeTime)))]))
    }
    return .object([
      "transactions": .array(transactions),
      "latestLedger": .number(window.latest),
      "latestLedgerCloseTimestamp": .int(Int64(window.latestTime)),
      "oldestLedger": .number(window.oldest),
      "oldestLedgerCloseTimestamp": .int(Int64(window.oldestTime)),
      "cursor": .text(end.number),
    ])
  }

  func getLedgers(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    var start = try parameters.ledger("startLedger")
    let cursor = try parameters.cursor()
    guard (start == nil) != (cursor == nil) else {
      throw .invalidParams("either startLedger or pagination.cursor is needed, not both")
    }
    if let cursor {
      guard let last = UInt32(cursor), last < .max else {
        throw .invalidParams("cursor must be a ledger sequence")
      }
      start = last + 1
    }
    let first = start ?? 0
    let limit = try parameters.limit(default: 50, max: 200)
    let (window, page) = await node.read(for: "getLedgers") { ledger in
      var page: [ClosedLedger] = []
      while page.count < limit, let closed = ledger.history[first + UInt32(page.count)] {
        page.append(closed)
      }
      return (Window(ledger), page)
    }
    if cursor == nil { try window.check(first) }
    var ledgers: [JSON] = []
    for ledger in page {
      ledgers.append(
        .object([
          .init(name: "hash", value: .string("\(ledger.hash)")),
          .init(name: "sequence", value: .number(ledger.sequence)),
          .init(name: "ledgerCloseTime", value: .text(ledger.closeTime)),
          try parameters.format.member(
            "header", ledger.headerEntry, as: "LedgerHeaderHistoryEntry"),
          try parameters.format.member("metadata", ledger.metadata, as: "LedgerCloseMeta"),
        ]))
    }
    return .object([
      "ledgers": .array(ledgers),
      "latestLedger": .number(window.latest),
      "latestLedgerCloseTime": .int(Int64(window.latestTime)),
      "oldestLedger": .number(window.oldest),
      "oldestLedgerCloseTime": .int(Int64(window.oldestTime)),
      "cursor": .text(page.last?.sequence ?? first - 1),
    ])
  }

  /// `startLedger` or what follows `pagination.cursor`: one of them.
  private func start(_ parameters: RPCParameters) throws(RPCFailure) -> (
    ledger: UInt32, cursor: TransactionPlace?
  ) {
    let start = try parameters.ledger("startLedger")
    guard let cursor = try parameters.cursor() else {
      guard let start else {
        throw .invalidParams("either startLedger or pagination.cursor is needed")
      }
      return (start, nil)
    }
    guard start == nil else {
      throw .invalidParams("startLedger and pagination.cursor cannot both be set")
    }
    guard let number = Int64(cursor), number >= 0 else {
      throw .invalidParams("invalid cursor: a number is expected")
    }
    let place = TransactionPlace(number: number)
    return (place.ledger, place)
  }

  private static func members(
    _ transaction: ClosedTransaction, of ledger: ClosedLedger, hash: String, _ format: XDRFormat
  ) throws(RPCFailure) -> [JSON.Member] {
    var byOperation: [JSON] = []
    for events in transaction.contractEvents {
      byOperation.append(.array(try format.values(events, as: "ContractEvent")))
    }
    let events: JSON = .object([
      try format.list("transactionEvents", transaction.transactionEvents, as: "TransactionEvent"),
      .init(
        name: format == .json ? "contractEventsJson" : "contractEventsXdr",
        value: .array(byOperation)),
    ])
    var members: [JSON.Member] = [
      .init(name: "status", value: .string(transaction.isSuccess ? "SUCCESS" : "FAILED")),
      .init(name: "txHash", value: .string(hash)),
      .init(name: "applicationOrder", value: .int(Int64(transaction.order))),
      .init(name: "feeBump", value: .bool(transaction.isFeeBump)),
      try format.member("envelope", transaction.envelope, as: "TransactionEnvelope"),
      try format.member("result", transaction.result, as: "TransactionResult"),
      try format.member("resultMeta", transaction.meta, as: "TransactionMeta"),
      .init(name: "events", value: events), .init(name: "ledger", value: .number(ledger.sequence)),
    ]
    if !transaction.diagnosticEvents.isEmpty {
      members.append(
        try format.list(
          "diagnosticEvents", transaction.diagnosticEvents, as: "DiagnosticEvent"))
    }
    return members
  }
}
