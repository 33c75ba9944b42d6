import Synchronization

/// Counts answers by route and status, for `/metrics`. Bounded: both come from our own tables.
final class Counters: Sendable {
  private struct Key: Hashable {
    var route: String
    var method: String
    var status: Int
  }

  private let answers = Mutex<[Key: Int]>([:])

  func count(route: String, method: String, status: Int) {
    answers.withLock { $0[Key(route: route, method: method, status: status), default: 0] += 1 }
  }

  /// Sorted, so that two readings can be compared line by line.
  var metric: Metric {
    let counted = answers.withLock { $0 }
    let samples = counted.map { key, count in
      Metric.Sample(
        Double(count),
        labels: ["method": key.method, "route": key.route, "status": String(key.status)])
    }
    return Metric(
      "kalepool_http_responses_total", .counter, help: "Answers of the JSON bridge by route.",
      samples.sorted { $0.labels.lexicographicallyPrecedes($1.labels) { $0.value < $1.value } })
  }
}
