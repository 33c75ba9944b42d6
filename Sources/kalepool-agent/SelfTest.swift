import ArgumentParser
import HashEngine

/// `kalepool-agent selftest`: whether this machine hashes right.
struct SelfTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Compare every kernel this processor has with the plain hash, on random input.")

  @Option(help: "Hashes to compare for each kernel, 1 to 1000000000.")
  var inputs: UInt64 = 1_000_000

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func validate() throws {
    guard (1...1_000_000_000).contains(inputs) else {
      throw ValidationError("--inputs takes 1 to 1000000000, not \(inputs).")
    }
  }

  func run() throws {
    var random = SystemRandomNumberGenerator()
    let reports = SelfCheck.run(inputs: inputs, using: &random)
    if json {
      let each = reports.map {
        "\"\($0.kernel.rawValue)\": {\"compared\": \($0.compared), \"wrong\": \($0.wrong)}"
      }
      print("{\"kernels\": {\(each.joined(separator: ", "))}}")
    } else {
      for report in reports {
        print(
          "\(report.kernel.rawValue): \(report.compared) hashes compared, \(report.wrong) wrong")
      }
    }
    if reports.contains(where: { $0.wrong > 0 }) { throw ExitCode.failure }
  }
}
