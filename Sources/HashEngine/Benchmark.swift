import Bytes
import CKeccak

/// How fast this machine searches: each kernel on one thread, and the engine as a whole.
///
/// All are measured in turns of a second, so that what else the machine does hits them alike; a rate is
/// the median of its turns.
package struct Benchmark: Sendable {
  /// Hashes a second.
  package struct Rate: Sendable {
    package var kernel: HashKernel
    package var hashesPerSecond: Double
  }

  /// Each kernel the processor has, bare, on one thread; slowest first.
  package var kernels: [Rate]
  /// The engine with many farmers on `threads` threads.
  package var engine: Rate
  package var threads: Int

  /// Farmers the engine hashes for meanwhile.
  package static let farmers = 100

  /// Measures for `seconds` (at least 1) each kernel and the engine.
  package static func run(seconds: Int, _ settings: HashEngine.Settings) async -> Benchmark {
    let kernels = HashKernel.supported
    var turns = kernels.map { _ in [Double]() }
    var engineTurns: [Double] = []
    for _ in 0..<max(seconds, 1) {
      for at in kernels.indices { turns[at].append(await bareRate(kernels[at], .seconds(1))) }
      engineTurns.append(await engineRate(settings, .seconds(1)))
    }
    let engine = HashEngine(settings) { _ in }
    return Benchmark(
      kernels: zip(kernels, turns).map {
        Rate(kernel: $0, hashesPerSecond: median($1))
      },
      engine: Rate(kernel: engine.kernel, hashesPerSecond: median(engineTurns)),
      threads: engine.threads)
  }

  /// What the engine does with `settings`, in hashes a second: an agent's capacity.
  package static func engineRate(
    _ settings: HashEngine.Settings, _ time: Duration
  ) async -> Double {
    let engine = HashEngine(settings) { _ in }
    engine.update((1...UInt64(farmers)).map(job))
    let start = ContinuousClock.now
    engine.start()
    try? await Task.sleep(for: time)
    engine.stop()
    return Double(engine.status().hashes) / ((.now - start) / .seconds(1))
  }

  /// What a kernel does without anything around it.
  package static func bareRate(_ kernel: HashKernel, _ time: Duration) async -> Double {
    await onOwnThread {
      let message = ckeccak_message(job(1))
      var hits = ckeccak_hits()
      var tried: UInt64 = 0
      let start = ContinuousClock.now
      while ContinuousClock.now - start < time {
        // No hash has 16 zeros: every call goes to its end.
        tried += kernel.search(message, first: tried, count: 1 << 12, zeros: 16, hits: &hits)
      }
      return Double(tried) / ((.now - start) / .seconds(1))
    }
  }

  /// As the requirement has it: megahashes a second, `{"kernels": {"scalar": {"mhs": …}, …},
  /// "engine": {"threads": …, "mhs": …}}`.
  package var json: String {
    let each = kernels.map { "\"\($0.kernel.rawValue)\": {\"mhs\": \(Self.mega($0))}" }
    return "{\"kernels\": {\(each.joined(separator: ", "))}, "
      + "\"engine\": {\"threads\": \(threads), \"mhs\": \(Self.mega(engine))}}"
  }

  /// For people: a line for each kernel and one for the engine.
  package var table: String {
    let each = kernels.map { "\(padded($0.kernel.rawValue)) \(Self.mega($0)) MH/s, one thread" }
    let whole =
      "\(padded("engine")) \(Self.mega(engine)) MH/s, \(threads) × \(engine.kernel.rawValue)"
    return (each + [whole]).joined(separator: "\n")
  }

  private func padded(_ name: String) -> String {
    name + String(repeating: " ", count: max(0, 7 - name.count))
  }

  /// Megahashes a second with two digits behind the point.
  private static func mega(_ rate: Rate) -> String {
    let hundredths = Int((rate.hashesPerSecond / 10_000).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  private static func job(_ id: UInt64) -> HashJob {
    HashJob(id: id, block: 1, entropy: .zero, farmer: numbered(id), maxZeros: 64)
  }

  private static func numbered(_ id: UInt64) -> Bytes32 {
    let bytes = (0..<32).map { at in at < 24 ? 0 : UInt8(truncatingIfNeeded: id >> (8 * (31 - at)))
    }
    guard let value = Bytes32(bytes) else { preconditionFailure("32 bytes") }
    return value
  }
}
