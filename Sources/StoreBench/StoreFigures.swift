package import Store

/// What `kalepool bench store` measured.
package struct StoreFigures: Sendable, Encodable {
  package var blocks = 0
  package var events: Int64 = 0
  /// Of writing alone, without the making up of what is written.
  package var writeSeconds = 0.0
  package var transactions = 0
  package var databaseBytes: Int64 = 0

  package var verifySeconds = 0.0
  package var findings = 0
  package var rebuildSeconds = 0.0
  package var projectionsThatDiffered: [String] = []
  /// Reading everything at a start, held against the chain.
  package var loadSeconds = 0.0

  /// Medians: the operator's page of 50 blocks, and a farmer's pages.
  package var analyticsMilliseconds = 0.0
  package var blocksMilliseconds = 0.0
  package var rewardsMilliseconds = 0.0
  package var statementMilliseconds = 0.0

  /// Of one event in transactions of 1,000.
  package var chain: ChainCost.Figures?
  /// While writing.
  package var poolCPUSeconds = 0.0
  package var databaseCPUSeconds = 0.0

  package init() {}
}
