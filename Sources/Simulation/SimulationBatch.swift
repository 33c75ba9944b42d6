/// Many seeds, and what they came to together.
package struct SimulationBatch: Sendable {
  package var settings: SimulationSettings
  package var seeds: Range<UInt64>
  /// Threads that play seeds side by side.
  package var threads: Int

  package init(settings: SimulationSettings, seeds: Range<UInt64>, threads: Int) {
    self.settings = settings
    self.seeds = seeds
    self.threads = threads
  }

  /// Plays them all; `progress` hears of each as it begins and as it ends, in no order.
  package func run(
    began: @escaping @Sendable (UInt64) -> Void,
    ended: @escaping @Sendable (SimulationReport) -> Void
  ) async -> SimulationResult {
    await withTaskGroup(of: SimulationReport.self) { group in
      var next = seeds.lowerBound
      func start() {
        guard next < seeds.upperBound else { return }
        let (seed, settings) = (next, settings)
        next += 1
        group.addTask {
          began(seed)
          return Simulation(seed: seed, settings: settings).run()
        }
      }
      for _ in 0..<max(1, threads) { start() }
      var reports: [SimulationReport] = []
      for await report in group {
        ended(report)
        reports.append(report)
        start()
      }
      return SimulationResult(settings: settings, reports: reports)
    }
  }
}

/// What seeds came to, by seed.
package struct SimulationResult: Sendable {
  package let settings: SimulationSettings
  package let reports: [SimulationReport]

  init(settings: SimulationSettings, reports: [SimulationReport]) {
    self.settings = settings
    self.reports = reports.sorted { $0.seed < $1.seed }
  }

  package var violations: [Violation] { reports.flatMap(\.violations) }

  /// Of all seeds in their order.
  package var traceHash: UInt64 {
    var trace = Trace()
    for report in reports { trace.mix(report.trace) }
    return trace.value
  }

  package var longestExitSeconds: Int64 { reports.map(\.longestExitSeconds).max() ?? 0 }

  package func struck(_ fault: Fault) -> Int {
    reports.reduce(0) { $0 + ($1.faults[fault] ?? 0) }
  }

  package func taken(_ transition: Transition) -> Int {
    reports.reduce(0) { $0 + ($1.transitions[transition] ?? 0) }
  }

  /// Faults that were enabled and never struck, transitions that were never taken.
  package var never: [String] {
    Fault.allCases.filter { settings.faults.enabled.contains($0) && struck($0) == 0 }.map(
      \.rawValue)
      + Transition.allCases.filter { taken($0) == 0 }.map(\.rawValue)
  }

  /// One JSON object on one line.
  package var json: String {
    let hex = String(traceHash, radix: 16)
    let faults = Fault.allCases.map { #""\#($0.rawValue)": \#(struck($0))"# }
    let transitions = Transition.allCases.map { #""\#($0.rawValue)": \#(taken($0))"# }
    let found = violations.prefix(20).map { violation in
      let text = violation.text.map { $0 == "\"" || $0 == "\\" || $0 == "\n" ? "'" : $0 }
      return #"{"seed": \#(violation.seed), "block": \#(violation.block), "#
        + #""ledger": \#(violation.ledger), "rule": "\#(violation.rule)", "#
        + #""text": "\#(String(text))"}"#
    }
    let fields = [
      #""seeds": \#(reports.count)"#, #""blocks": \#(settings.blocks)"#,
      #""farmers": \#(settings.farmers)"#, #""agents": \#(settings.agents)"#,
      #""violations": \#(violations.count)"#,
      #""trace_hash": "\#(String(repeating: "0", count: 16 - hex.count) + hex)""#,
      #""events": \#(reports.reduce(0) { $0 + $1.events })"#,
      #""transactions": \#(reports.reduce(0) { $0 + $1.transactions })"#,
      #""longest_exit_seconds": \#(longestExitSeconds)"#,
      #""faults": {\#(faults.joined(separator: ", "))}"#,
      #""transitions": {\#(transitions.joined(separator: ", "))}"#,
      #""found": [\#(found.joined(separator: ", "))]"#,
    ]
    return "{\(fields.joined(separator: ", "))}"
  }
}
