import Bridge
import KaleRules
import Store

/// The pool's metrics by name. Counters are sums over the event tables, so they survive restarts.
struct PoolMetrics {
  let snapshot: PoolSnapshot
  let databaseIsUp: Bool
  let ledgerAge: Duration?
  let audit: API.AuditReport?

  var metrics: [Metric] { counters + gauges + optionalGauges }

  private var counters: [Metric] {
    let counts = snapshot.counts
    return [
      Metric(
        "kalepool_plantings_total", .counter, help: "Farmers' blocks by what came of planting.",
        [
          .init(Double(counts.planted), labels: ["outcome": "planted"]),
          .init(Double(counts.missed), labels: ["outcome": "missed"]),
        ]),
      counter("kalepool_works_total", "Works on chain.", counts.works),
      counter("kalepool_harvests_total", "Blocks harvested.", counts.harvests),
      counter(
        "kalepool_rewards_stroops_total", "KALE harvested beyond stakes.", counts.rewards.rawValue),
      counter("kalepool_stake_losses_total", "Stakes lost.", counts.stakeLosses),
      counter(
        "kalepool_stake_lost_stroops_total", "KALE lost with stakes.", counts.stakeLost.rawValue),
      counter("kalepool_exits_total", "Farmers who left, all paid out.", counts.departures),
      counter("kalepool_plant_requests_total", "Poolers' requests to plant.", counts.plantRequests),
      Metric(
        "kalepool_transactions_total", .counter, help: "Transactions by what became of them.",
        [
          .init(Double(counts.transactionsSucceeded), labels: ["result": "succeeded"]),
          .init(Double(counts.transactionsFailed), labels: ["result": "failed"]),
          .init(Double(counts.transactionsNeverIncluded), labels: ["result": "never_included"]),
        ]),
      counter("kalepool_fees_stroops_total", "XLM paid in network fees.", counts.fees.rawValue),
    ]
  }

  private var gauges: [Metric] {
    [
      gauge(
        "kalepool_in_flight",
        "Transactions under way and plantings not yet harvested, missed or lost.",
        Double(snapshot.inFlight)),
      gauge("kalepool_farmers", "Farmers who have not left.", Double(snapshot.farmers)),
      gauge("kalepool_farmers_leaving", "Farmers on their way out.", Double(snapshot.leaving)),
      gauge("kalepool_agents_online", "Agents connected.", Double(snapshot.agentsOnline)),
      gauge(
        "kalepool_hashes_per_second", "As connected agents report it.",
        Double(snapshot.hashesPerSecond)),
      gauge("kalepool_database_up", "1 while the database answers.", databaseIsUp ? 1 : 0),
      gauge(
        "kalepool_nodes_disagree", "1 while nothing is planted because the Stellar nodes disagree.",
        snapshot.isDisputed ? 1 : 0),
      gauge(
        "kalepool_journal_position", "Events recorded.", Double(snapshot.counts.position)),
    ]
  }

  /// Left out while unknown, so that nobody takes a 0 for good news.
  private var optionalGauges: [Metric] {
    [
      snapshot.block.map { gauge("kalepool_block_index", "The open block.", Double($0.rawValue)) },
      snapshot.blockAge.map {
        gauge(
          "kalepool_block_age_seconds", "Ledger time since the open block was opened.", Double($0))
      },
      snapshot.ledger.map {
        gauge("kalepool_ledger_sequence", "The last ledger seen.", Double($0.rawValue))
      },
      snapshot.sponsorSpare.map {
        gauge("kalepool_sponsor_stroops", "XLM that the fee sponsor may still spend.", Double($0))
      },
      ledgerAge.map {
        gauge(
          "kalepool_ledger_age_seconds", "Time since a ledger was last seen.", $0 / .seconds(1))
      },
      audit.map {
        gauge(
          "kalepool_audit_differences", "Wallets whose books differ from the chain's balance.",
          Double($0.differences.count))
      },
      audit.map {
        gauge(
          "kalepool_audit_timestamp_seconds", "When books and chain were last compared.",
          Double($0.at.unixSeconds))
      },
    ].compactMap(\.self)
  }

  private func counter(_ name: String, _ help: String, _ value: some BinaryInteger) -> Metric {
    Metric(name, .counter, help: help, [.init(Double(value))])
  }

  private func gauge(_ name: String, _ help: String, _ value: Double) -> Metric {
    Metric(name, .gauge, help: help, [.init(value)])
  }
}
