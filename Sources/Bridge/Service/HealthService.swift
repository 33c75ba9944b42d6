/// What the bridge serves at `/readyz` and `/metrics`. Neither may block for long.
package protocol HealthService: Sendable {
  /// Every condition of being ready; ready when all hold.
  func readiness() async -> [ReadinessCheck]

  /// The service's metrics; the bridge adds its own (`kalepool_http_…`).
  func metrics() async -> [Metric]
}
