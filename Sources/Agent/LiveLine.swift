import HashEngine

/// One line for a terminal: block, farmers, hash rate, zeros, and the time left. Plain text; the
/// caller writes it over the one before.
///
///     block 124526 · 40 farmers · 41.2 MH/s · zeros 5.4, best 7 · 2:31 left
package struct LiveLine: Sendable {
  private var last: EngineStatus?

  package init() {}

  /// The line of this moment; the rate is that since the line before.
  package mutating func text(_ status: AgentStatus) -> String {
    let engine = status.engine
    let rate = last.map { engine.rate(since: $0) }
    last = engine
    guard let open = status.block else {
      // What was assigned is hashed for all the same: its nonces count once the line is back.
      return ["not connected", engine.jobs > 0 ? Self.rate(rate) : nil].joined()
    }
    let block = engine.block ?? open
    return [
      "block \(block)", engine.jobs == 1 ? "1 farmer" : "\(engine.jobs) farmers",
      Self.rate(rate), Self.zeros(engine), Self.left(status),
    ].joined()
  }

  private static func rate(_ rate: Double?) -> String? {
    guard let rate else { return nil }
    for (unit, name) in [(1e9, "GH/s"), (1e6, "MH/s"), (1e3, "kH/s")] where rate >= unit {
      return "\(tenths(rate / unit)) \(name)"
    }
    return "\(Int(rate)) H/s"
  }

  private static func zeros(_ engine: EngineStatus) -> String? {
    guard let best = engine.bestZeros else { return engine.jobs > 0 ? "no nonce yet" : nil }
    let mean = "zeros \(tenths(engine.meanZeros)), best \(best)"
    return engine.jobsAtMaxZeros == engine.jobs ? mean + " (all there)" : mean
  }

  /// To the jobs' deadline, or else to the next opening.
  private static func left(_ status: AgentStatus) -> String? {
    guard let end = status.engine.deadline ?? status.nextOpenAt else { return nil }
    let seconds = Int((end - status.engine.time) / .seconds(1))
    guard seconds > 0 else {
      return status.engine.jobs > 0 ? "time is up" : "waiting for the next block"
    }
    let clock = "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
    return status.engine.jobs > 0 ? "\(clock) left" : "next block in \(clock)"
  }

  private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

extension [String?] {
  fileprivate func joined() -> String { compactMap(\.self).joined(separator: " · ") }
}
