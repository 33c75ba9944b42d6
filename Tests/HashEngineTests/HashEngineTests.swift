import Bytes
import Dispatch
import HashEngine
import Keccak
import Synchronization
import Testing

/// The whole engine with its threads; what it decides is tested in `ScheduleTests`.
@Suite struct HashEngineTests {
  /// What an engine tells, to wait for.
  final class Listener: Sendable {
    private let state = Mutex(State())

    struct State {
      var improvements: [Improvement] = []
      var ends: [JobEnd] = []
      var waiters: [(isMet: @Sendable (State) -> Bool, resume: CheckedContinuation<Void, Never>)] =
        []
    }

    func change(_ change: (inout State) -> Void) {
      let met = state.withLock { state in
        change(&state)
        let waiters = state.waiters
        state.waiters = []
        state.waiters = waiters.filter { !$0.isMet(state) }
        return waiters.filter { $0.isMet(state) }.map(\.resume)
      }
      for resume in met { resume.resume() }
    }

    func wait(until isMet: @escaping @Sendable (State) -> Bool) async -> State {
      await withCheckedContinuation { resume in
        change { $0.waiters.append((isMet, resume)) }
      }
      return state.withLock { $0 }
    }
  }

  static func engine(
    threads: Int = 2, kernel: HashKernel? = nil, _ listener: Listener
  ) -> HashEngine {
    var settings = HashEngine.Settings()
    settings.threads = threads
    settings.kernel = kernel
    return HashEngine(
      settings, onEnd: { end in listener.change { $0.ends.append(end) } },
      onImprovement: { found in listener.change { $0.improvements.append(found) } })
  }

  static func job(
    _ id: UInt64, nonces: ClosedRange<UInt64> = 0...UInt64.max, maxZeros: Int,
    bestZeros: Int? = nil, deadline: ContinuousClock.Instant? = nil
  ) -> HashJob {
    HashJob(
      id: id, block: 124_526, entropy: keccak256([1]), farmer: keccak256([UInt8(id & 255), 2]),
      nonces: nonces, maxZeros: maxZeros, bestZeros: bestZeros, deadline: deadline)
  }

  /// The hash by the book, apart from all the engine's own code.
  static func hash(_ job: HashJob, _ nonce: UInt64) -> Bytes32 {
    let block = withUnsafeBytes(of: job.block.bigEndian) { [UInt8]($0) }
    let number = withUnsafeBytes(of: nonce.bigEndian) { [UInt8]($0) }
    return keccak256(block + number + job.entropy.bytes + job.farmer.bytes)
  }

  static func zeros(_ hash: Bytes32) -> Int { hash.description.prefix { $0 == "0" }.count }

  @Test(arguments: HashKernel.supported)
  func everyFarmerGetsWhatTheBlockIsWorth(kernel: HashKernel) async throws {
    let listener = Listener()
    let engine = Self.engine(kernel: kernel, listener)
    let jobs = (1...20).map { Self.job($0, maxZeros: 2) }
    engine.update(jobs)
    engine.start()
    let told = await listener.wait { $0.ends.count == 20 }
    engine.stop()
    #expect(Set(told.ends.map(\.jobID)) == Set(jobs.map(\.id)))
    #expect(told.ends.allSatisfy { $0.reason == .reachedMaxZeros })
    #expect(
      engine.hashesDone()
        == Dictionary(
          uniqueKeysWithValues: told.ends.map { ($0.jobID, $0.hashes) }))
    for job in jobs {
      let found = told.improvements.filter { $0.jobID == job.id }
      let best = try #require(found.map(\.zeros).max())
      #expect(best >= 2)
      #expect(Set(found.map(\.zeros)).count == found.count, "every improvement has more zeros")
      for improvement in found {
        #expect(improvement.hash == Self.hash(job, improvement.nonce))
        #expect(improvement.zeros == Self.zeros(improvement.hash))
      }
    }
  }

  @Test(
    arguments: [
      0...0, 5...1_004, (1 << 32) - 777...(1 << 32) + 776, UInt64.max - 49...UInt64.max,
      UInt64.max...UInt64.max,
    ] as [ClosedRange<UInt64>])
  func everyNonceOfARangeIsTriedOnce(nonces: ClosedRange<UInt64>) async {
    let count = nonces.upperBound - nonces.lowerBound + 1
    for kernel in HashKernel.supported {
      let listener = Listener()
      let engine = Self.engine(kernel: kernel, listener)
      let job = Self.job(7, nonces: nonces, maxZeros: 64)
      engine.start()
      engine.update([job])
      let told = await listener.wait { !$0.ends.isEmpty }
      engine.stop()
      #expect(told.ends == [JobEnd(jobID: 7, reason: .exhausted, hashes: count)])
      let best = nonces.map { Self.zeros(Self.hash(job, $0)) }.max()
      #expect(told.improvements.map(\.zeros).max() == best, "\(kernel)")
    }
  }

  /// A machine goes on where another was taken off: with the zeros reached, and other nonces.
  @Test func movingAFarmerLosesOnlyTheHashesInFlight() async throws {
    let first = Listener()
    let second = Listener()
    let from = Self.engine(threads: 1, first)
    let to = Self.engine(threads: 1, second)
    from.start()
    to.start()
    // So few that it takes no time anywhere.
    let maxZeros = 2
    from.update((1...20).map { Self.job($0, nonces: 0...(1 << 40) - 1, maxZeros: maxZeros) })
    let told = await first.wait { Set($0.improvements.map(\.jobID)).count == 20 }
    let reached = told.improvements.reduce(into: [UInt64: Int]()) { best, found in
      best[found.jobID] = max(found.zeros, best[found.jobID] ?? 0)
    }
    from.update([])
    let open = reached.filter { $0.value < maxZeros }
    to.update(
      open.map { id, zeros in
        Self.job(id, nonces: (1 << 40)...(1 << 41) - 1, maxZeros: maxZeros, bestZeros: zeros)
      })
    let left = await first.wait { Set($0.ends.map(\.jobID)).count == 20 }
    let done = await second.wait { $0.ends.count == open.count }
    from.stop()
    to.stop()
    // What the first has done is counted to the last hash.
    let counted = left.ends.reduce(into: [UInt64: UInt64]()) { counts, end in
      counts[end.jobID] = max(end.hashes, counts[end.jobID] ?? 0)
    }
    #expect(counted.values.reduce(0, +) == from.status().hashes)
    // The second begins above what was reached, ends at the block's most, and repeats no nonce.
    #expect(done.ends.allSatisfy { $0.reason == .reachedMaxZeros })
    for found in done.improvements {
      #expect(found.zeros > reached[found.jobID] ?? -1 && found.nonce >= 1 << 40)
    }
    #expect(left.improvements.allSatisfy { $0.nonce < 1 << 40 })
  }

  @Test func aDroppedJobIsLeft() async {
    let listener = Listener()
    let engine = Self.engine(listener)
    engine.start()
    engine.update([Self.job(1, maxZeros: 64), Self.job(2, maxZeros: 64)])
    _ = await listener.wait { Set($0.improvements.map(\.jobID)) == [1, 2] }
    engine.update([Self.job(2, maxZeros: 64)])
    let told = await listener.wait { $0.ends.count == 1 }
    #expect(told.ends[0].jobID == 1)
    #expect(told.ends[0].reason == .dropped)
    #expect(told.ends[0].hashes > 0)
    engine.update([])
    let last = await listener.wait { $0.ends.count == 2 }
    engine.stop()
    #expect(engine.hashesDone() == [:])
    #expect(engine.status().hashes == last.ends.reduce(0) { $0 + $1.hashes })
  }

  @Test func stopsAtTheDeadline() async {
    let listener = Listener()
    let engine = Self.engine(listener)
    engine.start()
    engine.update([Self.job(1, maxZeros: 64, deadline: .now + .milliseconds(20))])
    let told = await listener.wait { !$0.ends.isEmpty }
    engine.stop()
    #expect(told.ends[0].reason == .deadline)
    #expect(engine.hashesDone() == [1: told.ends[0].hashes])
  }

  @Test func aThreadThatFoundNothingToDoJoinsLater() async {
    // Only one thread looks for a lone farmer's first nonce. It is held up here when it has told it, so
    // that the next find can only be the other thread's, which was asleep by then or soon after.
    let listener = Listener()
    let second = DispatchSemaphore(value: 0)
    var settings = HashEngine.Settings()
    settings.threads = 2
    let count = Mutex(0)
    let engine = HashEngine(settings) { found in
      listener.change { $0.improvements.append(found) }
      let number = count.withLock { count in
        count += 1
        return count
      }
      if number == 1 { second.wait() } else if number == 2 { second.signal() }
    }
    engine.start()
    // Zeros 0 or so, then more: the second is found by whoever is free.
    engine.update([Self.job(3, maxZeros: 64)])
    let told = await listener.wait { $0.improvements.count >= 2 }
    engine.stop()
    #expect(told.improvements[0].zeros < told.improvements[1].zeros)
  }

  @Test func takesUpAgainAfterStop() async {
    let listener = Listener()
    let engine = Self.engine(listener)
    engine.start()
    engine.stop()
    engine.update([Self.job(1, nonces: 0...99, maxZeros: 64)])
    engine.start()
    let told = await listener.wait { !$0.ends.isEmpty }
    engine.stop()
    #expect(told.ends == [JobEnd(jobID: 1, reason: .exhausted, hashes: 100)])
  }

  @Test func status() async {
    let listener = Listener()
    let engine = Self.engine(listener)
    let deadline = ContinuousClock.now + .seconds(1_000)
    engine.update([
      Self.job(1, maxZeros: 0, deadline: deadline), Self.job(2, maxZeros: 1, deadline: deadline),
    ])
    #expect(engine.status().jobsWithoutNonce == 2)
    engine.start()
    _ = await listener.wait { $0.ends.count == 2 }
    engine.stop()
    let status = engine.status()
    #expect(status.jobs == 2)
    #expect(status.jobsAtMaxZeros == 2)
    #expect(status.jobsWithoutNonce == 0)
    #expect(status.block == 124_526)
    #expect(status.deadline == deadline)
    #expect((status.bestZeros ?? 0) >= 1)
  }
}
