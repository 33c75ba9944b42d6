package import Bytes
package import KaleRules

/// What agents ask for and report, judged.
extension PoolState {
  /// A pooler asks for planting: how many farmers are planted for, and what to record. Asking
  /// again, or from another of its agents, is asking once.
  package func plantRequest(
    _ block: BlockIndex, by agent: Bytes32, _ view: ChainView?
  ) throws(PlantRefusal) -> PlantAnswer {
    guard let view else { throw .notFollowing }
    guard let pooler = agents[agent]?.pooler else { throw .unknownAgent }
    let key = PoolerBlock(block: block, pooler: pooler)
    if requests.contains(key) {
      return PlantAnswer(farmers: tallies[key]?.wanted ?? 0, request: nil)
    }
    guard (view.plantable(settings)...view.farmIndex.next).contains(block) else {
      throw .staleBlock(current: view.farmIndex)
    }
    let farmers = ready(for: pooler, block: block).count
    return PlantAnswer(
      farmers: farmers,
      request: PlantRequested(block: block, pooler: pooler, agent: agent, farmers: farmers))
  }

  /// What an agent is to work on in the open block, by farmer, ascending.
  package func assigned(to agent: Bytes32) -> [AssignmentMade] {
    guard let block = block?.block else { return [] }
    return farmers.values.compactMap { farmer in
      guard let planting = farmer.plantings[block], planting.phase == .planted,
        let assignment = planting.assignment, assignment.agent == agent
      else { return nil }
      return AssignmentMade(
        block: block, farmer: farmer.id, agent: agent, turn: assignment.turn)
    }.sorted { $0.farmer < $1.farmer }
  }

  /// An agent says that it has assignments; those that stand and are new to it.
  package func deliveries(
    of assignments: some Sequence<AssignmentMade>
  ) -> [AssignmentDelivered] {
    assignments.compactMap { made in
      guard let assignment = farmers[made.farmer]?.plantings[made.block]?.assignment,
        assignment.turn == made.turn, !assignment.isDelivered
      else { return nil }
      return AssignmentDelivered(
        block: made.block, farmer: made.farmer, agent: made.agent, turn: made.turn)
    }
  }

  /// What a nonce for an assignment is worth, by the coordinator's own hash.
  ///
  /// - Parameter zeros: what the agent says it has.
  package func judge(
    nonce: UInt64, zeros claimed: Int, for made: AssignmentMade, _ view: ChainView?
  ) -> NonceJudgement {
    guard let block, block.block == made.block, let farmer = farmers[made.farmer],
      let planting = farmer.plantings[made.block], planting.phase == .planted
    else { return .stale }
    let hash = KaleHash.hash(
      block: made.block.rawValue, nonce: nonce, entropy: block.entropy, farmer: farmer.wallet)
    let zeros = KaleHash.zeros(hash)
    guard zeros >= claimed else { return .invalid }
    if let best = planting.best, best.zeros >= zeros { return .notBetter }
    return .accepted(
      NonceAccepted(
        block: made.block, farmer: made.farmer, agent: made.agent, nonce: nonce, hash: hash,
        zeros: zeros, ledgersLeft: view?.ledgersLeft(of: made.block, settings)))
  }
}

/// The answer to a plant request.
package struct PlantAnswer: Sendable, Hashable {
  package var farmers: Int
  /// Nil: it was asked before.
  package var request: PlantRequested?
}

/// Why a plant request is refused.
package enum PlantRefusal: Error, Sendable, Hashable {
  /// The coordinator does not follow the chain yet. Ask again soon.
  case notFollowing
  case unknownAgent
  /// Planting is for the open block or the next one.
  case staleBlock(current: BlockIndex)
}

/// What a nonce turned out to be.
package enum NonceJudgement: Sendable, Hashable {
  case accepted(NonceAccepted)
  /// No better than what is there already.
  case notBetter
  /// For a block that is over, or for a farmer whose work is done.
  case stale
  /// It has fewer zeros than was said.
  case invalid
}
