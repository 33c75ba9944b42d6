import Hummingbird

/// For supervisors and Prometheus.
enum HealthRoutes {
  static let all: [Route] = [
    // Alive: the process answers. Asks nobody.
    Route(.get, "/healthz", .public) { _, _ in .text("ok\n") },
    Route(.get, "/readyz", .local) { core, _ in
      let checks = await core.health.readiness()
      let ready = checks.allSatisfy(\.ready)
      return .json(
        Readiness(ready: ready, checks: checks), status: ready ? .ok : .serviceUnavailable)
    },
    Route(.get, "/metrics", .local) { core, _ in
      var metrics = await core.health.metrics()
      metrics.append(core.counters.metric)
      metrics.append(
        Metric(
          "kalepool_http_event_streams", .gauge, help: "Open pages that listen for events.",
          [.init(Double(core.streams.total))]))
      metrics.append(
        Metric(
          "kalepool_http_password_queue", .gauge, help: "Log-ins that wait for a hash.",
          [.init(Double(await core.passwords.queueLength))]))
      return .text(
        PrometheusText.render(metrics), type: "text/plain; version=0.0.4; charset=utf-8")
    },
  ]

  struct Readiness: Codable {
    var ready: Bool
    var checks: [ReadinessCheck]
  }
}
