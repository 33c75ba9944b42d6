import Bytes
import StellarXDR

/// The filters of getEvents. Source: stellar.md §3.
struct EventQuery: Sendable {
  private struct Filter: Sendable {
    var kinds: Set<ContractEvent.Kind>
    var contracts: Set<Bytes32>
    /// Alternatives; an empty list takes all.
    var topics: [[Segment]]
  }

  private enum Segment: Sendable {
    case any
    /// Any number of further topics.
    case rest
    case value(SCVal)
  }

  private static let filtersMax = 5
  private static let contractsMax = 5
  private static let topicListsMax = 5
  private static let segmentsMax = 4

  private let filters: [Filter]

  init(_ json: JSON?) throws(RPCFailure) {
    guard let json, json != .null else {
      filters = []
      return
    }
    guard let items = json.asArray, items.count <= Self.filtersMax else {
      throw .invalidParams("filters must be an array of at most \(Self.filtersMax)")
    }
    var filters: [Filter] = []
    for item in items { filters.append(try Self.filter(item)) }
    self.filters = filters
  }

  /// Whether any filter takes the event; without filters every event is taken.
  func takes(_ event: ContractEvent) -> Bool {
    filters.isEmpty || filters.contains { Self.matches(event, $0) }
  }

  private static func matches(_ event: ContractEvent, _ filter: Filter) -> Bool {
    guard filter.kinds.isEmpty || filter.kinds.contains(event.kind) else { return false }
    if !filter.contracts.isEmpty {
      guard let contract = event.contract, filter.contracts.contains(contract) else {
        return false
      }
    }
    return filter.topics.isEmpty || filter.topics.contains { matches(event.topics, $0) }
  }

  private static func matches(_ topics: [SCVal], _ segments: [Segment]) -> Bool {
    for (at, segment) in segments.enumerated() {
      if case .rest = segment { return true }
      guard at < topics.count else { return false }
      if case .value(let wanted) = segment, wanted != topics[at] { return false }
    }
    return topics.count == segments.count
  }

  private static func filter(_ json: JSON) throws(RPCFailure) -> Filter {
    guard case .object = json else { throw .invalidParams("a filter must be an object") }
    var filter = Filter(kinds: [], contracts: [], topics: [])
    if let types = json["type"]?.asString, !types.isEmpty {
      for type in types.split(separator: ",") {
        switch type {
        case "contract": filter.kinds.insert(.contract)
        case "system": filter.kinds.insert(.system)
        default: throw .invalidParams("filter type must be contract or system")
        }
      }
    }
    let contracts = json["contractIds"]?.asArray ?? []
    guard contracts.count <= contractsMax else {
      throw .invalidParams("a filter has at most \(contractsMax) contractIds")
    }
    for contract in contracts {
      guard let text = contract.asString, let id: Bytes32 = StrKey.contract(text) else {
        throw .invalidParams("contract ID is invalid")
      }
      filter.contracts.insert(id)
    }
    let lists = json["topics"]?.asArray ?? []
    guard lists.count <= topicListsMax else {
      throw .invalidParams("a filter has at most \(topicListsMax) topic lists")
    }
    for list in lists { filter.topics.append(try segments(list)) }
    return filter
  }

  private static func segments(_ json: JSON) throws(RPCFailure) -> [Segment] {
    guard let items = json.asArray, !items.isEmpty else {
      throw .invalidParams("a topic list must be an array of 1 to \(segmentsMax) segments")
    }
    var segments: [Segment] = []
    for (at, item) in items.enumerated() {
      switch item.asString {
      case "*": segments.append(.any)
      case "**" where at == items.count - 1: segments.append(.rest)
      case let text?:
        guard let value = try? SCVal(base64: text) else {
          throw .invalidParams("topic segment \(at) is neither *, ** at the end nor an SCVal")
        }
        segments.append(.value(value))
      case nil: throw .invalidParams("topic segment \(at) must be a string")
      }
    }
    let counted = segments.filter { if case .rest = $0 { false } else { true } }
    guard counted.count <= segmentsMax else {
      throw .invalidParams("a topic list has at most \(segmentsMax) segments")
    }
    return segments
  }
}
