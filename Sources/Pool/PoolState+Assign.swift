import Bytes
import KaleRules

extension PoolState {
  /// Gives every planted and unworked farmer of the open block to a live agent of its pooler.
  ///
  /// Whoever has a live agent, or one that may come back at once, keeps it; the others go where the
  /// fewest farmers are for the measured hash rate. A wedged agent gets and keeps only what nobody
  /// else could take. Each assignment has nonces of its own, so that nothing is searched twice.
  package func assignments(_ view: ChainView) -> [AssignmentMade] {
    func stays(_ agent: Bytes32) -> Bool {
      let isHere = view.liveAgents.contains(agent) && !view.wedgedAgents.contains(agent)
      return (isHere || view.heldAgents.contains(agent)) && agents[agent]?.mayWork == true
    }
    var loads: [Bytes32: Int] = [:]
    var waiting: [(farmer: FarmerID, planting: Planting)] = []
    for id in farmers.keys.sorted() {
      guard let planting = farmers[id]?.plantings[view.farmIndex], planting.phase == .planted
      else { continue }
      if let agent = planting.assignment?.agent, stays(agent) {
        loads[agent, default: 0] += 1
      } else {
        waiting.append((id, planting))
      }
    }
    guard !waiting.isEmpty else { return [] }
    // Thousands of agents may be here: sorted only where somebody waits for one.
    let live = view.liveAgents.filter { agents[$0]?.mayWork == true }.sorted()
    let byPooler = Dictionary(grouping: live) { agents[$0]?.pooler }
    var made: [AssignmentMade] = []
    for (farmer, planting) in waiting {
      let all = byPooler[planting.pooler] ?? []
      let good = all.filter { !view.wedgedAgents.contains($0) }
      if good.isEmpty, let agent = planting.assignment?.agent, all.contains(agent) { continue }
      let agent = (good.isEmpty ? all : good).min { a, b in
        load(loads[a, default: 0], a) < load(loads[b, default: 0], b)
      }
      guard let agent else { continue }
      loads[agent, default: 0] += 1
      made.append(
        AssignmentMade(
          block: view.farmIndex, farmer: farmer, agent: agent, turn: planting.turns,
          ledgersLeft: view.ledgersLeft(settings)))
    }
    return made
  }

  /// Farmers for each unit of hash rate, were one more given.
  private func load(_ farmers: Int, _ agent: Bytes32) -> Double {
    Double(farmers + 1) / Double(max(1, agents[agent]?.hashesPerSecond ?? 1))
  }
}

extension AssignmentMade {
  /// How many nonces each assignment has for itself: at 10^9 hashes a second, 18 minutes' worth.
  package static let noncesEach: UInt64 = 1 << 40

  /// The nonces of this assignment, which no other of this farmer's block has.
  package var nonces: ClosedRange<UInt64> {
    let first = UInt64(turn) * Self.noncesEach
    return first...(first + Self.noncesEach - 1)
  }
}
