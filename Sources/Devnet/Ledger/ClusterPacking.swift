import StellarXDR

/// Which Soroban transactions must run one after another, and whether they can be spread over the
/// ledger's clusters so that none takes more instructions than there are.
///
/// Two transactions depend on each other if one writes what the other reads or writes. Source: CAP-63.
struct ClusterPacking {
  private let bins: Int
  private let instructionsMax: Int64
  /// Parents of union-find; a root's instructions are its group's.
  private var parents: [Int] = []
  private var instructions: [Int64] = []
  private var roots: Set<Int> = []
  private var writers: [LedgerKey: Int] = [:]
  private var readers: [LedgerKey: [Int]] = [:]

  init(_ rules: NetworkRules) {
    bins = Int(rules.clustersMax)
    instructionsMax = rules.compute.ledgerInstructionsMax
  }

  /// Takes a transaction in, unless its group would not fit any more.
  mutating func take(_ data: SorobanTransactionData) -> Bool {
    let footprint = data.resources.footprint
    var group: Set<Int> = []
    for key in footprint.readWrite {
      if let writer = writers[key] { group.insert(root(writer)) }
      for reader in readers[key] ?? [] { group.insert(root(reader)) }
    }
    for key in footprint.readOnly {
      if let writer = writers[key] { group.insert(root(writer)) }
    }
    let own = Int64(data.resources.instructions)
    let total = group.reduce(own) { $0 + instructions[$1] }
    let others = roots.subtracting(group).map { instructions[$0] }
    guard fits(others + [total]) else { return false }
    let new = parents.count
    parents.append(new)
    instructions.append(total)
    for old in group { parents[old] = new }
    roots = roots.subtracting(group).union([new])
    for key in footprint.readWrite { writers[key] = new }
    for key in footprint.readOnly { readers[key, default: []].append(new) }
    return true
  }

  private mutating func root(_ node: Int) -> Int {
    var node = node
    while parents[node] != node {
      parents[node] = parents[parents[node]]
      node = parents[node]
    }
    return node
  }

  /// First fit, the largest group first.
  private func fits(_ groups: [Int64]) -> Bool {
    guard groups.reduce(0, +) <= instructionsMax * Int64(bins) else { return false }
    var left = [Int64](repeating: instructionsMax, count: min(bins, groups.count))
    for group in groups.sorted(by: >) {
      guard let bin = left.firstIndex(where: { $0 >= group }) else { return false }
      left[bin] -= group
    }
    return true
  }
}
