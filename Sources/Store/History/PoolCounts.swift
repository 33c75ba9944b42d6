package import KaleRules

/// How often what has happened, counted from the tables of events.
package struct PoolCounts: Sendable, Hashable {
  /// The last position counted.
  package var position: Int64 = 0
  package var planted = 0
  package var missed = 0
  package var works = 0
  package var harvests = 0
  package var rewards: Stroops = 0
  package var stakeLosses = 0
  package var stakeLost: Stroops = 0
  package var departures = 0
  package var plantRequests = 0
  package var transactionsSucceeded = 0
  package var transactionsFailed = 0
  package var transactionsNeverIncluded = 0
  /// XLM.
  package var fees: Stroops = 0

  package init() {}
}
