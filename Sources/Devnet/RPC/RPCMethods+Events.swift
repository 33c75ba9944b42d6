import Bytes
import Foundation
import StellarXDR

extension RPCMethods {
  /// Ledgers that one call looks through at most.
  private static let eventLedgersMax: UInt32 = 10_000

  private struct EventPage: Sendable {
    var events: [(ledger: UInt32, time: UInt64, event: LedgerEvent)] = []
    /// The first ledger that was not looked through.
    var end: UInt32
  }

  func getEvents(_ parameters: RPCParameters) async throws(RPCFailure) -> JSON {
    let query = try EventQuery(parameters["filters"])
    let limit = try parameters.limit(default: 100, max: 10_000)
    let endLedger = try parameters.ledger("endLedger")
    let (start, after) = try eventStart(parameters)
    let (window, page) = await node.read(for: "getEvents") { ledger in
      let window = Window(ledger)
      let farthest = min(
        window.latest, start.addingReportingOverflow(Self.eventLedgersMax - 1).partialValue)
      let end = min(endLedger ?? .max, farthest + 1)
      var page = EventPage(end: max(start, end))
      var sequence = start
      search: while sequence < end, let closed = ledger.history[sequence] {
        for event in closed.events {
          if let after, Self.id(of: event, in: sequence) <= after { continue }
          guard query.takes(event.event) else { continue }
          page.events.append((sequence, closed.closeTime, event))
          if page.events.count == limit {
            page.end = sequence
            break search
          }
        }
        sequence += 1
      }
      return (window, page)
    }
    if after == nil { try window.check(start) }
    let cursor =
      page.events.count == limit
      ? page.events.last.map { Self.id(of: $0.event, in: $0.ledger) } : nil
    let end = EventID(
      TransactionPlace(number: TransactionPlace(ledger: page.end).number - 1), index: .max)
    var events: [JSON] = []
    for item in page.events {
      events.append(try Self.json(item.event, item.ledger, item.time, parameters.format))
    }
    return .object(
      [
        .init(name: "events", value: .array(events)),
        .init(
          name: "cursor", value: .string((cursor ?? after.map { max($0, end) } ?? end).description)),
      ] + window.json)
  }

  private func eventStart(_ parameters: RPCParameters) throws(RPCFailure) -> (
    ledger: UInt32, after: EventID?
  ) {
    let start = try parameters.ledger("startLedger")
    guard let cursor = try parameters.cursor() else {
      guard let start else { throw .invalidParams("startLedger must be set, or a cursor") }
      return (start, nil)
    }
    guard start == nil, parameters["endLedger"] == nil else {
      throw .invalidParams("ledger ranges and cursor cannot both be set")
    }
    guard let after = EventID(cursor) else { throw .invalidParams("invalid cursor: \(cursor)") }
    return (after.place.ledger, after)
  }

  private static func id(of event: LedgerEvent, in ledger: UInt32) -> EventID {
    EventID(
      TransactionPlace(
        ledger: ledger, transaction: event.transactionOrder, operation: event.operation),
      index: UInt32(event.index))
  }

  private static func json(
    _ event: LedgerEvent, _ ledger: UInt32, _ time: UInt64, _ format: XDRFormat
  ) throws(RPCFailure) -> JSON {
    let closed = Date(timeIntervalSince1970: TimeInterval(time)).formatted(.iso8601)
    let place: [JSON.Member] = [
      .init(name: "type", value: .string(event.event.kind == .system ? "system" : "contract")),
      .init(name: "ledger", value: .number(ledger)),
      .init(name: "ledgerClosedAt", value: .string(closed)),
      .init(
        name: "contractId",
        value: .string(event.event.contract.map { StrKey.contract($0) } ?? "")),
      .init(name: "id", value: .string(id(of: event, in: ledger).description)),
      .init(name: "operationIndex", value: .int(Int64(event.operation))),
      .init(name: "transactionIndex", value: .int(Int64(event.transactionOrder))),
      .init(name: "txHash", value: .string("\(event.transaction)")),
      .init(name: "inSuccessfulContractCall", value: .bool(true)),
    ]
    let topics = event.event.topics.map(\.xdr)
    return .object(
      place + [
        try format.list(base64: "topic", json: "topicJson", topics, as: "SCVal"),
        try format.member(
          base64: "value", json: "valueJson", event.event.data.xdr, as: "SCVal"),
      ])
  }
}
