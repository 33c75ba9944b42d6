package import Bytes
import JSON
package import KaleRules
package import StellarXDR

/// Which events are wanted. Each topic is a value or nil for any.
package struct EventFilter: Sendable, Hashable {
  package var contracts: [Bytes32]
  /// Alternatives of topic lists; empty takes all.
  package var topics: [[SCVal?]]

  package init(contracts: [Bytes32], topics: [[SCVal?]] = []) {
    self.contracts = contracts
    self.topics = topics
  }
}

/// An event in a ledger.
package struct LedgerEvent: Sendable, Hashable {
  package let id: String
  package let ledger: LedgerSequence
  package let contract: Bytes32?
  package let transactionHash: Bytes32
  package let topics: [SCVal]
  package let value: SCVal
}

package struct EventPage: Sendable {
  package let events: [LedgerEvent]
  /// Where the next page begins.
  package let cursor: String?
  package let latestLedger: LedgerSequence
}

extension RPCClient {
  /// Where to begin reading.
  package enum EventStart: Sendable {
    case ledger(LedgerSequence)
    case cursor(String)
  }

  /// One page of contract events; `limit` is at most 10,000.
  package func getEvents(
    _ filters: [EventFilter], from start: EventStart, limit: Int = 1000
  ) async throws(RPCError) -> EventPage {
    let method = "getEvents"
    var pagination: [String: JSONValue] = ["limit": .number("\(limit)")]
    var parameters: [String: JSONValue] = ["filters": .array(filters.map(\.json))]
    switch start {
    case .ledger(let ledger): parameters["startLedger"] = .number("\(ledger)")
    case .cursor(let cursor): pagination["cursor"] = .string(cursor)
    }
    parameters["pagination"] = .object(pagination)
    return try await call(method, .object(parameters)) { fields throws(RPCError) in
      var events: [LedgerEvent] = []
      for item in fields.list("events") { events.append(try Self.event(RPCFields(item, method))) }
      return EventPage(
        events: events, cursor: fields.value["cursor"]?.asString,
        latestLedger: try fields.ledger("latestLedger"))
    }
  }

  /// The RPC looks through 10,000 ledgers in a call.
  private static let ledgersPerCall: UInt32 = 9_000

  /// Every event from one ledger through another, in as many calls as it takes, and the ledger up to
  /// which all nodes that were asked knew them.
  package func allEvents(
    _ filters: [EventFilter], from first: LedgerSequence, through last: LedgerSequence
  ) async throws(RPCError) -> (events: [LedgerEvent], through: LedgerSequence) {
    let limit = 1_000
    var events: [LedgerEvent] = []
    var seen: Set<String> = []
    var through = last
    var window = first
    while window <= last {
      var start = EventStart.ledger(window)
      while true {
        let page = try await getEvents(filters, from: start, limit: limit)
        through = min(through, page.latestLedger)
        // Windows overlap where a page goes beyond its own.
        events += page.events.filter { seen.insert($0.id).inserted }
        guard page.events.count == limit, let cursor = page.cursor else { break }
        start = .cursor(cursor)
      }
      window = window + Self.ledgersPerCall
    }
    return (events, through)
  }

  private static func event(_ fields: RPCFields) throws(RPCError) -> LedgerEvent {
    guard let hash = Bytes32(hex: try fields.string("txHash")) else { throw fields.bad("txHash") }
    var topics: [SCVal] = []
    for topic in fields.list("topic") {
      guard let text = topic.asString else { throw fields.bad("topic") }
      topics.append(try fields.decode(text, "topic"))
    }
    return LedgerEvent(
      id: try fields.string("id"), ledger: try fields.ledger("ledger"),
      contract: fields.value["contractId"]?.asString.flatMap { StrKey.contract($0) },
      transactionHash: hash, topics: topics, value: try fields.xdr("value"))
  }
}

extension EventFilter {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "type": "contract",
      "contractIds": .array(contracts.map { .string(StrKey.contract($0)) }),
    ]
    if !topics.isEmpty {
      members["topics"] = .array(
        topics.map { list in .array(list.map { .string($0?.base64 ?? "*") }) })
    }
    return .object(members)
  }
}
