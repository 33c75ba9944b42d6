import Bytes

/// One block farmed for invented farmers, to compare what the engine reaches with theory.
package struct FarmTrial: Sendable {
  package var farmers: Int
  package var threads: Int
  package var hashes: UInt64
  package var seconds: Double
  /// The mean over the farmers.
  package var meanZeros: Double
  /// What theory says for so many hashes: ``ExpectedZeros``.
  package var expectedZeros: Double
  /// From handing over the jobs until the last farmer's first nonce was told.
  package var lastFirstNonce: Duration
  /// From dropping all jobs until the last hash for any of them was made.
  package var lastDropped: Duration

  private struct Events {
    var withoutNonce: Set<UInt64>
    var lastFirstNonce: ContinuousClock.Instant?
    var ended = 0
    var lastEnd: ContinuousClock.Instant?
  }

  /// Farms for `time` on a thread that is kept waiting.
  package static func run(
    farmers: Int, for time: Duration, _ settings: HashEngine.Settings
  ) async -> FarmTrial {
    await onOwnThread { farm(farmers, for: time, settings) }
  }

  private static func farm(
    _ farmers: Int, for time: Duration, _ settings: HashEngine.Settings
  ) -> FarmTrial {
    var random = SystemRandomNumberGenerator()
    let entropy = Bytes32.random(using: &random)
    let jobs = (1...UInt64(farmers)).map {
      HashJob(
        id: $0, block: 1, entropy: entropy, farmer: .random(using: &random), maxZeros: 64)
    }
    let events = Monitor(Events(withoutNonce: Set(jobs.map(\.id))))
    let engine = HashEngine(
      settings,
      onEnd: { _ in
        events.change { events in
          events.ended += 1
          events.lastEnd = .now
        }
      },
      onImprovement: { found in
        events.change { events in
          if events.withoutNonce.remove(found.jobID) != nil { events.lastFirstNonce = .now }
        }
      })
    engine.start()
    let start = ContinuousClock.now
    engine.update(jobs)
    sleepThread(time)
    let status = engine.status()
    let end = ContinuousClock.now
    engine.update([])
    let (firstNonce, lastEnd) = events.wait { events in
      events.ended == farmers ? (events.lastFirstNonce, events.lastEnd) : nil
    }
    engine.stop()
    let each = Double(status.hashes) / Double(farmers)
    return FarmTrial(
      farmers: farmers, threads: engine.threads, hashes: status.hashes,
      seconds: (status.time - start) / .seconds(1), meanZeros: status.meanZeros,
      expectedZeros: farmers == 1
        ? ExpectedZeros.alone(hashes: each) : ExpectedZeros.lowestFirst(hashesEach: each),
      lastFirstNonce: (firstNonce ?? end) - start, lastDropped: (lastEnd ?? end) - end)
  }

  package var json: String {
    "{\"farmers\": \(farmers), \"threads\": \(threads), \"hashes\": \(hashes), "
      + "\"seconds\": \(Self.rounded(seconds)), \"mean_zeros\": \(Self.rounded(meanZeros)), "
      + "\"expected_zeros\": \(Self.rounded(expectedZeros)), "
      + "\"last_first_nonce_ms\": \(Self.rounded(lastFirstNonce / .milliseconds(1))), "
      + "\"last_dropped_ms\": \(Self.rounded(lastDropped / .milliseconds(1)))}"
  }

  package var table: String {
    """
    \(farmers) farmers, \(threads) threads, \(Self.rounded(seconds)) s: \(hashes) hashes
    mean zeros        \(Self.rounded(meanZeros)) of \(Self.rounded(expectedZeros)) expected
    last first nonce  after \(Self.rounded(lastFirstNonce / .milliseconds(1))) ms
    jobs dropped      in \(Self.rounded(lastDropped / .milliseconds(1))) ms
    """
  }

  private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

extension Bytes32 {
  fileprivate static func random(using random: inout some RandomNumberGenerator) -> Bytes32 {
    let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    guard let value = Bytes32(bytes) else { preconditionFailure("32 bytes") }
    return value
  }
}
