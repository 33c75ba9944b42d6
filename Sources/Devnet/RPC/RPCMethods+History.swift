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
      Self.members(transaction, of: ledger, hash: text) + window.json + [
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
    return .object([
      "transactions": .array(
        page.map { ledger, transaction in
          .object(
            Self.members(transaction, of: ledger, hash: "\(transaction.hash)") + [
              .init(name: "createdAt", value: .int(Int64(ledger.closeTime)))
            ])
        }),
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
    return .object([
      "ledgers": .array(
        page.map { ledger in
          .object([
            "hash": .string("\(ledger.hash)"), "sequence": .number(ledger.sequence),
            "ledgerCloseTime": .text(ledger.closeTime),
            "headerXdr": .string(Base64.encode(ledger.header)),
            "metadataXdr": .string(Base64.encode(ledger.metadata)),
          ])
        }),
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
    _ transaction: ClosedTransaction, of ledger: ClosedLedger, hash: String
  ) -> [JSON.Member] {
    func texts(_ items: [[UInt8]]) -> JSON { .array(items.map { .string(Base64.encode($0)) }) }
    var members: [JSON.Member] = [
      .init(name: "status", value: .string(transaction.isSuccess ? "SUCCESS" : "FAILED")),
      .init(name: "txHash", value: .string(hash)),
      .init(name: "applicationOrder", value: .int(Int64(transaction.order))),
      .init(name: "feeBump", value: .bool(transaction.isFeeBump)),
      .init(name: "envelopeXdr", value: .string(Base64.encode(transaction.envelope))),
      .init(name: "resultXdr", value: .string(Base64.encode(transaction.result))),
      .init(name: "resultMetaXdr", value: .string(Base64.encode(transaction.meta))),
      .init(
        name: "events",
        value: .object([
          "transactionEventsXdr": texts(transaction.transactionEvents),
          "contractEventsXdr": .array(transaction.contractEvents.map(texts)),
        ])),
      .init(name: "ledger", value: .number(ledger.sequence)),
    ]
    if !transaction.diagnosticEvents.isEmpty {
      members.append(
        .init(name: "diagnosticEventsXdr", value: texts(transaction.diagnosticEvents)))
    }
    return members
  }
}
