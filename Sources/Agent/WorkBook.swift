import Bytes
package import HashEngine
package import PoolProtocol

/// What the agent works on and has found: turns assignment sets into jobs, and what the engine says
/// into reports. Plain logic.
///
/// A job of the engine is a search, not an assignment: when a new session names the same search by
/// another handle, the search goes on and none of its nonces is tried twice.
package struct WorkBook: Sendable {
  /// What makes two assignments the same search.
  private struct Search: Hashable {
    let block: UInt32
    let entropy: Bytes32
    let farmer: Bytes32
    let nonces: ClosedRange<UInt64>
  }

  /// What a nonce is good for.
  private struct Target: Hashable {
    let block: UInt32
    let entropy: Bytes32
    let farmer: Bytes32
  }

  private struct Job {
    let search: Search
    var handle: UInt64

    var target: Target {
      Target(block: search.block, entropy: search.entropy, farmer: search.farmer)
    }
  }

  private struct Best {
    var nonce: UInt64
    var zeros: Int
  }

  private var jobs: [UInt64: Job] = [:]
  private var idOf: [Search: UInt64] = [:]
  private var nextID: UInt64 = 1
  /// The best own nonce of each target of the newest block.
  private var found: [Target: Best] = [:]
  /// Whether this session has said what its handles are.
  private var knowsHandles = false
  package private(set) var version: UInt64 = 0
  package private(set) var block: UInt32 = 0

  package init() {}

  /// How many searches are on.
  package var count: Int { idOf.count }

  /// Until the new session's first set, what is found is kept and nothing is reported.
  package mutating func sessionBegan() {
    knowsHandles = false
    version = 0
  }

  /// Takes a set over: the engine's whole set of jobs, and what the coordinator does not seem to
  /// know yet of what was found (after a broken connection).
  package mutating func adopt(_ set: AssignmentSet, now: ContinuousClock.Instant)
    -> (jobs: [HashJob], resend: [NonceFound])
  {
    version = set.version
    knowsHandles = true
    if set.blockIndex != block {
      block = set.blockIndex
      found = found.filter { $0.key.block == set.blockIndex }
    }
    let deadline = now + .milliseconds(Int64(set.remainingMs))
    var kept: [Search: UInt64] = [:]
    var hashJobs: [HashJob] = []
    var resend: [NonceFound] = []
    for one in set.assignments {
      let search = Search(
        block: set.blockIndex, entropy: set.entropy, farmer: one.farmerKey, nonces: one.nonces)
      guard kept[search] == nil else { continue }
      let id = idOf[search] ?? newID()
      kept[search] = id
      let job = Job(search: search, handle: one.handle)
      jobs[id] = job
      let own = found[job.target]
      if let own, own.zeros > one.bestZeros ?? -1 {
        resend.append(
          NonceFound(
            handle: one.handle, blockIndex: set.blockIndex, nonce: own.nonce, zeros: own.zeros,
            hashesDone: 0))
      }
      let best = [own?.zeros, one.bestZeros].compactMap { $0 }.max()
      hashJobs.append(
        HashJob(
          id: id, block: set.blockIndex, entropy: set.entropy, farmer: one.farmerKey,
          nonces: one.nonces, maxZeros: set.maxZeros, bestZeros: best, deadline: deadline))
    }
    // Those left out stay in `jobs` until the engine says that they have ended.
    idOf = kept
    return (hashJobs, resend)
  }

  /// What to report of a better nonce; nil where its job is gone.
  package mutating func improved(_ improvement: Improvement, hashesDone: UInt64) -> NonceFound? {
    guard let job = jobs[improvement.jobID] else { return nil }
    guard improvement.zeros > found[job.target]?.zeros ?? -1 else { return nil }
    if job.search.block == block {
      found[job.target] = Best(nonce: improvement.nonce, zeros: improvement.zeros)
    }
    guard knowsHandles else { return nil }
    return NonceFound(
      handle: job.handle, blockIndex: job.search.block, nonce: improvement.nonce,
      zeros: improvement.zeros, hashesDone: hashesDone)
  }

  package mutating func ended(_ end: JobEnd) -> WorkDone? {
    guard let job = jobs[end.jobID] else { return nil }
    // A job at its limit or out of nonces is still in the set and may be told of again.
    if idOf[job.search] != end.jobID { jobs[end.jobID] = nil }
    guard knowsHandles else { return nil }
    return WorkDone(handle: job.handle, blockIndex: job.search.block, hashesDone: end.hashes)
  }

  private mutating func newID() -> UInt64 {
    defer { nextID += 1 }
    return nextID
  }
}
