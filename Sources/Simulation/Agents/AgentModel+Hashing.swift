import Bytes
import KaleRules
import Pool

/// Hashing: real hashes, a few for each farmer, so that every nonce can be verified.
extension Simulation {
  /// Hashes tried for a farmer in each round of a block.
  private static let triesEach: UInt64 = 6

  func adopt(
    _ set: [AssignmentMade], _ entropy: Bytes32, _ wallets: [FarmerID: Bytes32],
    agent number: Int
  ) {
    guard agents[number].session != nil else { return }
    let isNew = set.contains { !agents[number].work.contains($0) }
    agents[number].work = set
    agents[number].entropy = entropy
    agents[number].wallets = wallets
    say(.adopted(set), agent: number)
    guard isNew, let block = set.first?.block else { return }
    agents[number].best = agents[number].best.filter { $0.key.block == block }
    agents[number].hashed = agents[number].hashed.filter { $0.key.block == block }
    let waits: [ClosedRange<Int64>] = [200...1_500, 20_000...60_000, 90_000...200_000]
    for (round, wait) in waits.enumerated() {
      next(wait, .hash(round: round, block: block), agent: number)
    }
  }

  func hash(_ round: Int, _ block: BlockIndex, agent number: Int) {
    guard agents[number].session != nil, agents[number].wedgedUntil <= now else { return }
    if agents[number].slowUntil > now, round == 0 {
      return next(100_000...280_000, .hash(round: 1, block: block), agent: number)
    }
    for made in agents[number].work where made.block == block {
      guard round == 0 || dice.chance(0.4), let wallet = agents[number].wallets[made.farmer] else {
        continue
      }
      let first = made.nonces.lowerBound + agents[number].hashed[made, default: 0]
      agents[number].hashed[made, default: 0] += Self.triesEach
      for nonce in first..<(first + Self.triesEach) {
        let hash = KaleHash.hash(
          block: block.rawValue, nonce: nonce, entropy: agents[number].entropy, farmer: wallet)
        let zeros = KaleHash.zeros(hash)
        guard zeros > agents[number].best[made, default: -1] else { continue }
        agents[number].best[made] = zeros
        report(made, nonce, zeros, agent: number)
      }
    }
  }

  private func report(_ made: AssignmentMade, _ nonce: UInt64, _ zeros: Int, agent number: Int) {
    let found = AgentMessage.found(made, nonce: nonce, zeros: zeros)
    say(found, agent: number)
    if let last = agents[number].lastFound, strikes(.nonceStale, 0.002) { say(last, agent: number) }
    if strikes(.nonceRepeated, 0.002) { say(found, agent: number) }
    if strikes(.nonceInvalid, 0.002) {
      say(.found(made, nonce: nonce &+ 1, zeros: zeros + 5), agent: number)
    }
    if strikes(.nonceForeign, 0.002) {
      // An assignment that is somebody else's.
      let foreign = AssignmentMade(
        block: made.block, farmer: made.farmer + 1, agent: made.agent, turn: made.turn)
      say(.found(foreign, nonce: nonce, zeros: zeros), agent: number)
    }
    agents[number].lastFound = found
  }
}
