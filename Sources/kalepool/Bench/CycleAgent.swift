import Bytes
import Coordinator
import KaleRules
import PoolProtocol

/// An agent of ``CycleRun``: takes its assignments and hashes a few nonces for each.
actor CycleAgent {
  let key: Bytes32
  private let desk: AgentDesk
  private var version: UInt64 = 0
  private var known: Set<UInt64> = []
  /// Seconds from each nonce's sending until its answer.
  private(set) var waits: [Double] = []

  /// Hashes for each farmer: about three improvements.
  static let hashes: UInt64 = 300

  init(key: Bytes32, desk: AgentDesk) {
    self.key = key
    self.desk = desk
  }

  /// Works on what is new since the last time.
  func work() async throws {
    guard let set = await desk.assignments(of: key, version: version + 1) else { return }
    let new = set.assignments.filter { !known.contains($0.handle) }
    if new.isEmpty { return }
    version += 1
    try await desk.adopted(version: version, by: key)
    for assignment in new {
      known.insert(assignment.handle)
      try await hash(assignment, set)
    }
  }

  /// Its block is over.
  func stop(block: BlockIndex) async throws {
    for handle in known.sorted() {
      try await desk.done(
        WorkDone(handle: handle, blockIndex: block.rawValue, hashesDone: Self.hashes), by: key)
    }
    known = []
  }

  private func hash(_ assignment: Assignment, _ set: AssignmentSet) async throws {
    var best = assignment.bestZeros ?? -1
    let first = assignment.nonces.lowerBound
    for nonce in first...first + Self.hashes {
      let zeros = KaleHash.zeros(
        KaleHash.hash(
          block: set.blockIndex, nonce: nonce, entropy: set.entropy, farmer: assignment.farmerKey))
      guard zeros > best else { continue }
      best = zeros
      let sent = ContinuousClock.now
      let answer = try await desk.found(
        NonceFound(
          handle: assignment.handle, blockIndex: set.blockIndex, nonce: nonce, zeros: zeros,
          hashesDone: nonce - first + 1), by: key)
      guard answer.verdict == .accepted else { return }
      waits.append((ContinuousClock.now - sent) / .seconds(1))
    }
  }
}
