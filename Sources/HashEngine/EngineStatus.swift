/// What an operator wants to see of the engine at one moment.
package struct EngineStatus: Sendable {
  package var time: ContinuousClock.Instant
  package var kernel: HashKernel
  package var threads: Int
  /// All hashes since the engine was made.
  package var hashes: UInt64
  /// The jobs of the set.
  package var jobs: Int
  /// Those of them that are at their block's `maxZeros`.
  package var jobsAtMaxZeros: Int
  /// Those that have no nonce yet.
  package var jobsWithoutNonce: Int
  /// The newest farm block among the jobs.
  package var block: UInt32?
  /// The most and the fewest zeros any job of that block has reached; nil before there are any.
  package var bestZeros: Int?
  package var fewestZeros: Int?
  /// The mean over that block's jobs, those without a nonce counting as 0.
  package var meanZeros: Double
  /// The earliest deadline of that block's jobs.
  package var deadline: ContinuousClock.Instant?

  /// Hashes a second since an earlier status of the same engine.
  package func rate(since earlier: EngineStatus) -> Double {
    let seconds = (time - earlier.time) / .seconds(1)
    return seconds > 0 ? Double(hashes - earlier.hashes) / seconds : 0
  }

  init(
    _ schedule: Schedule, kernel: HashKernel, time: ContinuousClock.Instant = .now
  ) {
    self.time = time
    self.kernel = kernel
    threads = schedule.threads
    hashes = schedule.hashes
    let all = schedule.standings
    jobs = all.count
    jobsAtMaxZeros = all.count { ($0.zeros ?? -1) >= $0.job.maxZeros }
    jobsWithoutNonce = all.count { $0.zeros == nil }
    let newest = all.map(\.job.block).max()
    block = newest
    let current = all.filter { $0.job.block == newest }
    bestZeros = current.compactMap(\.zeros).max()
    fewestZeros = current.compactMap(\.zeros).min()
    let sum = current.reduce(0) { $0 + ($1.zeros ?? 0) }
    meanZeros = current.isEmpty ? 0 : Double(sum) / Double(current.count)
    deadline = current.compactMap(\.job.deadline).min()
  }
}
