import Glibc
import Simulation

/// `simulate FIRST SEEDS BLOCKS FARMERS AGENTS THREADS [FAULTS]`: plays seeds until one finds something.
@main struct Main {
  static func main() async {
    let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
    guard numbers.count == 6 else {
      return print("simulate FIRST SEEDS BLOCKS FARMERS AGENTS THREADS [FAULTS]")
    }
    var settings = SimulationSettings()
    settings.blocks = Int(numbers[2])
    settings.farmers = Int(numbers[3])
    settings.agents = Int(numbers[4])
    if CommandLine.arguments.count > 7, let plan = FaultPlan(CommandLine.arguments[7]) {
      settings.faults = plan
    }
    let batch = SimulationBatch(
      settings: settings, seeds: numbers[0]..<(numbers[0] + numbers[1]), threads: Int(numbers[5]))
    let result = await batch.run(
      began: {
        print("seed \($0)")
        fflush(nil)
      },
      ended: { report in
        for violation in report.violations {
          print(
            "VIOLATION seed \(violation.seed) block \(violation.block) ledger \(violation.ledger):"
              + " \(violation.rule): \(violation.text)")
        }
        if !report.violations.isEmpty, numbers[5] == 1 { exit(1) }
      })
    print("never: \(result.never.joined(separator: " "))")
    print(result.json)
  }
}
