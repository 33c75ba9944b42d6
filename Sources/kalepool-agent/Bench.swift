import ArgumentParser
import HashEngine

/// `kalepool-agent bench`: how fast this machine searches.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the rate of each kernel this processor has, and of the whole engine.",
    discussion: """
      The kernels run bare on one thread; the engine runs with 100 farmers on all threads, as it does \
      when farming. All take turns of a second; a rate is the median of its turns.
      """)

  @Option(help: "Seconds to measure each kernel and the engine, 1 to 3600.")
  var seconds = 3

  @Option(
    help: """
      Instead, farm one block for so many invented farmers and compare the zeros reached with theory, \
      1 to 100000.
      """)
  var farmers: Int?

  @OptionGroup var engine: EngineOptions

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func validate() throws {
    guard (1...3600).contains(seconds) else {
      throw ValidationError("--seconds takes 1 to 3600, not \(seconds).")
    }
    if let farmers, !(1...100_000).contains(farmers) {
      throw ValidationError("--farmers takes 1 to 100000, not \(farmers).")
    }
  }

  func run() async throws {
    if let farmers {
      let trial = await FarmTrial.run(
        farmers: farmers, for: .seconds(seconds), engine.settings)
      print(json ? trial.json : trial.table)
      return
    }
    let result = await Benchmark.run(seconds: seconds, engine.settings)
    print(json ? result.json : result.table)
  }
}
