package import KaleRules

/// A run's size. Everything else follows from the seed.
package struct SimulationSettings: Sendable {
  /// Blocks with faults; some more follow in fair weather, until everybody has left.
  package var blocks = 288
  package var farmers = 20
  package var agents = 4
  package var faults = FaultPlan.all
  /// Whether the run stops at the first violation.
  package var stopsAtViolation = true

  package init() {}

  /// Farmers outside of the pool, who open blocks and give the ranges.
  static let outsiders = 5
  /// Poolers: two where there are agents for them.
  var poolers: Int { agents > 1 ? 2 : 1 }
}

/// What a run has come to.
package struct SimulationReport: Sendable {
  package var seed: UInt64
  package var blocks: Int
  package var violations: [Violation]
  package var trace: UInt64
  package var faults: [Fault: Int]
  package var transitions: [Transition: Int]
  package var events: Int
  package var transactions: Int
  /// From a request to leave until it was paid, the longest, in seconds of ledger time.
  package var longestExitSeconds: Int64
}

/// A promise that was broken.
package struct Violation: Sendable, Hashable {
  package var seed: UInt64
  package var block: BlockIndex
  package var ledger: LedgerSequence
  /// Which promise.
  package var rule: String
  package var text: String
}
