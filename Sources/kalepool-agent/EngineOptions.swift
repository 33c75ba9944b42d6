import ArgumentParser
import HashEngine

/// How much of the machine to use, alike for farming and for measuring.
struct EngineOptions: ParsableArguments {
  @Option(help: "Threads that search; one for each processor by default.")
  var threads: Int?

  @Option(help: "The part of each thread's time to use, in per cent, 1 to 100.")
  var cpuPercent = 100

  @Option(help: "Nice level of the searching threads, -20 to 19; the process's own by default.")
  var nice: Int?

  @Option(help: "The kernel to search with: scalar, avx2, avx512, neon; the fastest by default.")
  var kernel: HashKernel?

  @Flag(inversion: .prefixedNo, help: "Bind each thread to its own processor.")
  var pin = true

  /// More threads than any machine has processors are a slip of the finger.
  static let threadsMax = 1024

  func validate() throws {
    if let threads, !(1...Self.threadsMax).contains(threads) {
      throw ValidationError("--threads takes 1 to \(Self.threadsMax), not \(threads).")
    }
    guard (1...100).contains(cpuPercent) else {
      throw ValidationError("--cpu-percent takes 1 to 100, not \(cpuPercent).")
    }
    if let nice, !(-20...19).contains(nice) {
      throw ValidationError("--nice takes -20 to 19, not \(nice).")
    }
    if let kernel, !kernel.isSupported {
      let have = HashKernel.supported.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("This processor has no \(kernel.rawValue); it has \(have).")
    }
  }

  var settings: HashEngine.Settings {
    var settings = HashEngine.Settings()
    settings.threads = threads
    settings.cpuPercent = cpuPercent
    settings.niceLevel = nice
    settings.kernel = kernel
    settings.isPinned = pin
    return settings
  }
}

extension HashKernel: ExpressibleByArgument {}
