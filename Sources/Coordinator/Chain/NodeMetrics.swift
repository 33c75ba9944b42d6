import Bridge
import KaleRules
import StellarClient

/// How each Stellar node is, by name.
///
/// A node is labelled by its number and host: what else is in its address may be a key.
struct NodeMetrics {
  let nodes: [NodeStatus]

  var metrics: [Metric] {
    guard !nodes.isEmpty else { return [] }
    return [
      metric("kalepool_node_up", .gauge, "1 where a Stellar node answers.") { $0.isUp ? 1 : 0 },
      metric("kalepool_node_ledger_sequence", .gauge, "The last ledger that it told of.") {
        $0.latest.map { Double($0.sequence.rawValue) }
      },
      metric("kalepool_node_lag_ledgers", .gauge, "Ledgers behind the first node.") {
        $0.lag.map { Double($0) }
      },
      metric("kalepool_node_latency_seconds", .gauge, "How long its answers take of late.") {
        $0.latency / .seconds(1)
      },
      metric("kalepool_node_requests_total", .counter, "Requests sent to it.") {
        Double($0.requests)
      },
      metric("kalepool_node_failures_total", .counter, "Requests it gave no usable answer to.") {
        Double($0.failures)
      },
      metric(
        "kalepool_node_disagreements_total", .counter,
        "Ledgers in which what it said of the block could not be, or another contradicted it."
      ) { Double($0.disagreements) },
    ]
  }

  private func metric(
    _ name: String, _ kind: Metric.Kind, _ help: String, _ value: (NodeStatus) -> Double?
  ) -> Metric {
    let samples = nodes.enumerated().compactMap { at, node in
      value(node).map {
        Metric.Sample(
          $0, labels: ["node": "\(at + 1)", "host": NodeAddress.host(of: node.endpoint)])
      }
    }
    return Metric(name, kind, help: help, samples)
  }
}
